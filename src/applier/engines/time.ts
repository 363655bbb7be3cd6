import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { command } from '../command.ts';

const DIRECTORY = '/etc/systemd/timesyncd.conf.d';
const FILE = `${DIRECTORY}/meshwright.conf`;
const CHRONY_SOURCES = '/etc/chrony/sources.d';

/**
 * Hands the operator's NTP hosts to the machine's time daemon, chrony or systemd-timesyncd, where one is installed.
 * The hosts were checked by the border schema: letters, digits, dots, dashes, colons.
 */
export async function applyTimeServers(hosts: readonly string[]): Promise<void> {
  if (hosts.length === 0) return;
  if (existsSync(CHRONY_SOURCES)) {
    const text = hosts.map((host) => `server ${host} iburst\n`).join('');
    if (!replace(`${CHRONY_SOURCES}/meshwright.sources`, text)) return;
    await command('chronyc', ['reload', 'sources']).catch(() => undefined);
  } else if (existsSync('/lib/systemd/systemd-timesyncd') && existsSync('/run/systemd/system')) {
    mkdirSync(DIRECTORY, { recursive: true });
    if (!replace(FILE, `[Time]\nNTP=${hosts.join(' ')}\n`)) return;
    await command('systemctl', ['try-restart', 'systemd-timesyncd.service']).catch(() => undefined);
  }
}

/** True when the file changed. */
function replace(path: string, text: string): boolean {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return false;
  writeFileSync(path, text, { mode: 0o644 });
  return true;
}
