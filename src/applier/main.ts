import { chmodSync, mkdirSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { paths, SERVICE_USER } from '../paths.ts';
import { root } from '../programs.ts';
import { command } from './command.ts';
import { kernelHasWireguard } from './engines/links.ts';
import { Reconciler } from './reconciler.ts';
import { ApplierServer } from './server.ts';
import { RunitServices } from './services/runit.ts';
import { SystemdServices } from './services/systemd.ts';

/** The privileged process. It opens no network port; all it does is asked for on the socket or restored from disk. */
process.umask(0o077);
mkdirSync(paths.applierRuntime, { recursive: true });
// BIRD's own user has to pass through.
chmodSync(paths.applierRuntime, 0o711);

// Set by our unit: a `serve` on a machine with systemd has no units for engines.
const underSystemd = process.env.MESHWRIGHT_ENGINES === 'systemd';
const services = underSystemd ? new SystemdServices() : new RunitServices(root);
const reconciler = new Reconciler(services, await kernelHasWireguard(), (event) => server.publish(event));
const server = new ApplierServer(reconciler);

const entry = (await command('getent', ['passwd', SERVICE_USER])).split(':');
await reconciler.start();
await server.listen(paths.applierSocket, { uid: Number(entry[2]), gid: Number(entry[3]) });
console.log(`applier ready on ${paths.applierSocket}, engines under ${underSystemd ? 'systemd' : 'runit'}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    server.close();
    reconciler.stop();
    process.exit(0);
  });
}
// A process that is killed writes no compile cache, and ours are made to be killed.
setTimeout(flushCompileCache, 10_000).unref();
