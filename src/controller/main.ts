import { existsSync, mkdirSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { ControlSocket } from '../api/control-socket.ts';
import { ApiListener } from '../api/listener.ts';
import { buildServer } from '../api/server.ts';
import { loadCertificate } from '../https/certificate-files.ts';
import { LISTEN_PORT, paths } from '../paths.ts';
import { root } from '../programs.ts';
import { VERSION } from '../version.ts';
import { Controller } from './controller.ts';

/** The unprivileged process: API, console, store and everything that is decided. It changes nothing on the machine. */
process.umask(0o077);
mkdirSync(paths.controllerState, { recursive: true });

const controller = new Controller(paths.database);
await controller.apiPassword.ensure();

const webRoot = `${root}/dist/web`;
const { app } = await buildServer(controller.apiContext(existsSync(webRoot) ? webRoot : null));
const handler = app.routing.bind(app);
const listener = new ApiListener({
  handler,
  port: LISTEN_PORT,
  ...(await loadCertificate(paths.controllerState)),
});
const control = new ControlSocket(paths.controlSocket, handler);

controller.attach(listener);
await control.start();
await listener.start();
controller.start();
console.log(
  `Meshwright ${VERSION} controller: API on port ${listener.port}, control socket ${paths.controlSocket}`,
);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    controller.stop();
    void Promise.all([listener.stop(), control.stop()]).finally(() => process.exit(0));
  });
}
process.on('unhandledRejection', (error) => console.error('unhandled:', error));
// A process that is killed writes no compile cache, and ours are made to be killed.
setTimeout(flushCompileCache, 10_000).unref();
