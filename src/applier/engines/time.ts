import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { command } from '../command.ts';

const FILE = '/etc/systemd/timesyncd.conf.d/meshwright.conf';
const CHRONY_SOURCES = '/etc/chrony/sources.d';

/**
 * Hands the operator's NTP hosts to the machine's time daemon, chrony or systemd-timesyncd, where one is installed.
 * The hosts were checked by the border schema: letters, digits, dots, dashes, colons. No hosts: its own choice again.
 */
export async function applyTimeServers(hosts: readonly string[]): Promise<void> {
  if (existsSync(CHRONY_SOURCES)) {
    const text = hosts.map((host) => `server ${host} iburst\n`).join('');
    if (!replace(`${CHRONY_SOURCES}/meshwright.sources`, text)) return;
    await command('chronyc', ['reload', 'sources']).catch(() => undefined);
  } else if (existsSync('/lib/systemd/systemd-timesyncd') && existsSync('/run/systemd/system')) {
    if (!replace(FILE, hosts.length > 0 ? `[Time]\nNTP=${hosts.join(' ')}\n` : '')) return;
    await command('systemctl', ['try-restart', 'systemd-timesyncd.service']).catch(() => undefined);
  }
}

/** True when the file changed. An empty text is no file. */
function replace(path: string, text: string): boolean {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (before === text) return false;
  if (text === '') {
    rmSync(path);
    return true;
  }
  // Our umask keeps others out, but time daemons do not read as root.
  if (mkdirSync(dirname(path), { recursive: true })) chmodSync(dirname(path), 0o755);
  writeFileSync(path, text);
  chmodSync(path, 0o644);
  return true;
}
