import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, Command } from 'commander';
import { createAuthority, issueLicense, type LicenseRequest } from '../../license/authority.ts';
import { paths } from '../../paths.ts';
import { CliError } from '../cli-error.ts';
import { print, table } from '../output.ts';
import { waitOverRestart } from '../restart.ts';
import { connect, readInput, type TargetOptions, wholeNumber, withTarget } from '../target.ts';

interface License {
  readonly finalized?: boolean;
  readonly uploaded_at?: string;
  readonly capabilities?: readonly string[];
  readonly my_manager_vip?: string;
  readonly ipv6?: true;
  readonly topology?: {
    readonly overlay_subnet?: string;
    readonly total_clients?: number;
    readonly managers?: readonly {
      manager_id: number;
      asn: number;
      overlay_ipaddress: { ip_address: string };
    }[];
  };
}

interface ParameterOptions extends TargetOptions {
  subnet?: string;
  controllers?: string;
  asns?: string;
  clients?: string;
  vip?: string;
  ipv6?: boolean;
}

interface IssueOptions {
  key: string;
  to: string;
  controllers: number;
  clients: number;
  subnet?: string;
  expires?: string;
  upgrades?: string;
  fixedAddressing?: boolean;
  out?: string;
}

const init = new Command('init')
  .description('create a licence authority: a key pair that signs licences of your own')
  .option('--dir <directory>', 'where to write authority.key and authority.pem', '.')
  .action(({ dir }: { dir: string }) => {
    const key = join(dir, 'authority.key');
    const pem = join(dir, 'authority.pem');
    for (const path of [key, pem]) {
      if (existsSync(path)) throw new CliError(`${path} exists; an authority is never overwritten`);
    }
    const authority = createAuthority();
    mkdirSync(dir, { recursive: true });
    writeFileSync(key, authority.privateKeyPem, { mode: 0o600, flag: 'wx' });
    writeFileSync(pem, authority.publicKeyPem, { flag: 'wx' });
    print(false, null, () => [
      `${key}  private key: signs licences, keep it safe`,
      `${pem}  public key: copy it to ${paths.authorities}/ of every controller`,
      `fingerprint ${authority.fingerprint}`,
    ]);
  });

const issue = new Command('issue')
  .description('sign a licence with the key of your authority')
  .requiredOption('--key <file>', 'private key of the authority')
  .requiredOption('--to <name>', 'whom it is issued to')
  .requiredOption('--controllers <n>', 'number of controllers, 1 to 10', wholeNumber)
  .requiredOption('--clients <n>', 'number of clients', wholeNumber)
  .option('--subnet <cidr>', 'overlay subnet (default: one that is large enough)')
  .option('--expires <instant>', 'last moment of its life, e.g. 2027-12-31T23:59:59Z')
  .option('--upgrades <uuid>', 'the licence that this one replaces')
  .option('--fixed-addressing', 'do not allow addresses other than the default ones')
  .option('--out <file>', 'write it there instead of to stdout')
  .action((options: IssueOptions) => {
    const request: LicenseRequest = {
      issuedTo: options.to,
      controllers: options.controllers,
      clients: options.clients,
      ...(options.subnet === undefined ? {} : { overlaySubnet: options.subnet }),
      ...(options.expires === undefined ? {} : { expiresAt: options.expires }),
      ...(options.upgrades === undefined ? {} : { upgrades: options.upgrades }),
      ...(options.fixedAddressing ? { customAddressing: false } : {}),
    };
    const text = issueLicense(request, readInput(options.key));
    if (options.out === undefined) process.stdout.write(text);
    else writeFileSync(options.out, text);
  });

const show = withTarget(new Command('show').description("show the controller's licence")).action(
  async (options: TargetOptions) => {
    const license = await (await connect(options)).get<License>('/license');
    print(options.json, license, ({ topology, finalized, uploaded_at, capabilities, ipv6 }) => [
      `accepted      ${finalized ? 'yes' : 'no: run `meshwright license accept`'}`,
      `uploaded      ${uploaded_at ?? '-'}`,
      `overlay       ${topology?.overlay_subnet ?? '-'}`,
      `IPv6          ${ipv6 ? 'on' : 'off'}`,
      `clients       ${topology?.total_clients ?? '-'}`,
      `capabilities  ${capabilities?.join(', ') ?? '-'}`,
      '',
      ...table(
        ['controller', 'overlay address', 'ASN'],
        (topology?.managers ?? []).map((one) => [
          String(one.manager_id),
          one.overlay_ipaddress.ip_address,
          String(one.asn),
        ]),
      ),
    ]);
  },
);

const upload = withTarget(new Command('upload').description('give the controller a licence'))
  .argument('<file>', 'the licence; - reads standard input')
  .action(async (file: string, options: TargetOptions) => {
    const answer = await (await connect(options)).call('PUT', '/license', { text: readInput(file) });
    print(options.json, answer, () => 'The licence is good. `meshwright license accept` puts it in force.');
  });

const accept = withTarget(
  new Command('accept').description(
    'accept the addresses of the licence, or choose others; the API restarts',
  ),
)
  .option('--subnet <cidr>', 'overlay subnet')
  .option('--controllers <addresses>', 'overlay addresses of the controllers, comma separated')
  .option('--asns <numbers>', 'ASNs of the controllers, comma separated')
  .option('--clients <addresses>', 'addresses and ranges of the clients, comma separated')
  .option('--vip <address>', 'the address that every controller has')
  .option('--ipv6', 'IPv6 inside of the overlay')
  .action(async (options: ParameterOptions) => {
    const client = await connect(options);
    const { subnet, controllers, asns, clients, vip, ipv6 } = options;
    const own = {
      subnet,
      managers: controllers?.replaceAll(',', ' '),
      asns: asns?.replaceAll(',', ' '),
      clients,
      my_manager_vip: vip,
    };
    const custom = Object.values(own).some((value) => value !== undefined);
    const answer = await client.put('/license/parameters', {
      ...(custom ? { ...own, default: false } : { default: true }),
      ...(ipv6 && { ipv6 }),
    });
    await waitOverRestart(client);
    print(options.json, answer, () => 'The licence is in force.');
  });

const ipv6 = withTarget(
  new Command('ipv6').description('switch IPv6 inside of the overlay on or off, in operation'),
)
  .addArgument(new Argument('<state>').choices(['on', 'off']))
  .action(async (state: string, options: TargetOptions) => {
    const answer = await (await connect(options)).put('/license/parameters', { ipv6: state === 'on' });
    print(options.json, answer, () => [
      `IPv6 in the overlay is ${state} on this controller. The others must be told the same.`,
      'Sessions between controllers and OpenVPN clients start anew; WireGuard and HA packs have to be downloaded again.',
    ]);
  });

const upgrade = withTarget(
  new Command('upgrade').description('replace the licence by a larger one, in operation'),
)
  .argument('<file>', 'the new licence; - reads standard input')
  .action(async (file: string, options: TargetOptions) => {
    const client = await connect(options);
    const answer = await client.call<{ new_managers?: number; new_clientpacks?: number }>(
      'PUT',
      '/license/upgrade',
      {
        text: readInput(file),
      },
    );
    print(
      options.json,
      answer,
      (said) =>
        `Upgraded: ${said.new_managers ?? 0} more controllers, ${said.new_clientpacks ?? 0} more clients.`,
    );
  });

export function licenseCommand(): Command {
  const command = new Command('license').description('issue licences, and give them to controllers');
  for (const verb of [init, issue, show, upload, accept, ipv6, upgrade]) command.addCommand(verb);
  return command;
}
