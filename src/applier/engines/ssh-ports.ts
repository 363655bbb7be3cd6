import { readdirSync, readFileSync } from 'node:fs';

/** Where the machine says on which ports its SSH daemon listens. */
const FILES = ['/etc/ssh/sshd_config'];
const DIRECTORIES = ['/etc/ssh/sshd_config.d', '/etc/systemd/system/ssh.socket.d'];

/** Port 22, and every port that the configuration of sshd or of its socket names. */
export function sshPorts(): number[] {
  const files = [...FILES, ...DIRECTORIES.flatMap(configurationFiles)];
  return sshPortsIn(files.map(read));
}

export function sshPortsIn(texts: readonly string[]): number[] {
  const ports = new Set([22]);
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    const match =
      /^\s*(?:Port[\s=]+"?|ListenAddress[\s=]+(?:[\w.-]+|\[[\da-f:.%]+\]):|ListenStream=(?:[\w.-]+:|\[[\da-f:.%]+\]:)?)(\d{1,5})"?\s*$/i.exec(
        line,
      );
    const port = Number(match?.[1]);
    if (port > 0 && port <= 65535) ports.add(port);
  }
  return [...ports].sort((a, b) => a - b);
}

function configurationFiles(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.conf'))
      .map((name) => `${directory}/${name}`);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
