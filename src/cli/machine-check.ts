import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { attempt } from '../lab/program.ts';
import type { DoctorCheck } from '../observe/doctor-check.ts';
import { SERVICE_USER } from '../paths.ts';

const good = (name: string, text: string): DoctorCheck => ({ name, state: 'ok', text, remedy: '' });
const bad = (name: string, text: string, remedy: string): DoctorCheck => ({
  name,
  state: 'fail',
  text,
  remedy,
});

/** What this machine must have before any controller can run on it. */
export async function machineChecks(): Promise<DoctorCheck[]> {
  return [programs(), await wireguard(), await realTime(), serviceUser(), clock()];
}

function onPath(program: string): boolean {
  return (process.env.PATH ?? '').split(':').some((directory) => {
    try {
      accessSync(`${directory}/${program}`, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function programs(): DoctorCheck {
  const needed = ['wg', 'bird', 'birdc', 'openvpn', 'nft', 'fping', 'ip', 'setpriv', 'chrt'];
  const missing = [...needed, ...(existsSync('/run/systemd/system') ? [] : ['runsvdir'])].filter(
    (one) => !onPath(one),
  );
  if (missing.length === 0) return good('programs', 'every program that is needed is installed');
  return bad(
    'programs',
    `missing: ${missing.join(', ')}`,
    '`meshwright serve` and `meshwright lab up` install them.',
  );
}

/** The first eight digits of a wireguard-go version are its date. Segmentation offload came on 2023-02-23. */
export function hasSegmentationOffload(version: string): boolean {
  const date = /0\.0\.(\d{8})/.exec(version)?.[1];
  return date !== undefined && Number(date) >= 20230223;
}

async function wireguard(): Promise<DoctorCheck> {
  if (
    existsSync('/sys/module/wireguard') ||
    (await attempt(['modprobe', '-n', '-q', 'wireguard'])).code === 0
  ) {
    return good('wireguard', 'the kernel has WireGuard');
  }
  if (!onPath('wireguard-go')) {
    return bad(
      'wireguard',
      'the kernel has no WireGuard and wireguard-go is missing',
      'Install wireguard-go.',
    );
  }
  if (!existsSync('/dev/net/tun')) {
    return bad(
      'wireguard',
      'there is no /dev/net/tun, which wireguard-go needs',
      'Load the tun module, or allow it to the container.',
    );
  }
  const { stdout, stderr } = await attempt(['wireguard-go', '--version']);
  if (hasSegmentationOffload(stdout + stderr))
    return good('wireguard', 'wireguard-go with segmentation offload');
  return {
    name: 'wireguard',
    state: 'warn',
    text: 'wireguard-go is older than 2023 and several times slower',
    remedy: '`./meshwright` fetches a newer one on Debian 12.',
  };
}

async function realTime(): Promise<DoctorCheck> {
  if ((await attempt(['chrt', '--rr', '10', 'true'])).code === 0) {
    return good('real time', 'engines may run with real-time priority');
  }
  return bad(
    'real time',
    'this machine refuses real-time priority: a busy CPU will look like a dead link',
    'Start this as root; in a container, allow SYS_NICE and real-time time.',
  );
}

function serviceUser(): DoctorCheck {
  const exists = readFileSync('/etc/passwd', 'utf8').includes(`\n${SERVICE_USER}:`);
  if (exists) return good('user', `the user ${SERVICE_USER} exists`);
  return bad('user', `there is no user ${SERVICE_USER}`, '`meshwright serve` creates it.');
}

function clock(): DoctorCheck {
  if (Date.now() > Date.parse('2024-01-01T00:00:00Z')) return good('clock', 'the clock is plausible');
  return bad('clock', 'the clock is years behind', 'Set it: certificates and licences are judged by it.');
}
