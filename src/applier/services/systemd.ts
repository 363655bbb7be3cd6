import { command } from '../command.ts';
import { type EngineName, isEngineName, type Service, type ServiceStatus, type Services } from './service.ts';

const SHOW = ['show', '--timestamp=unix', '--property=Id,MainPID,ActiveState,StateChangeTimestamp'];

/** Engines as units: `meshwright-bird.service` and `meshwright-link@mwN.service` from packaging/systemd. */
export class SystemdServices implements Services {
  async start(name: EngineName): Promise<void> {
    await command('systemctl', ['start', unit(name)], { timeoutMs: 15_000 });
  }

  /** systemd supervises by itself, whatever becomes of us. */
  async keep(): Promise<void> {}

  async stop(name: EngineName): Promise<void> {
    await command('systemctl', ['stop', unit(name)], { timeoutMs: 15_000 });
  }

  async status(name: EngineName): Promise<ServiceStatus> {
    return statusOf(await command('systemctl', [...SHOW, unit(name)]));
  }

  async list(): Promise<Service[]> {
    return parseUnits(await command('systemctl', [...SHOW, '--all', 'meshwright-*.service']));
  }
}

/** Units of engines in the output of `systemctl show`, which has an empty line between two units. */
export function parseUnits(text: string): Service[] {
  return text.split('\n\n').flatMap((unit) => {
    const name = /^Id=meshwright-(.*)\.service$/m.exec(unit)?.[1] ?? '';
    return isEngineName(name) ? [{ name, ...statusOf(unit) }] : [];
  });
}

function statusOf(text: string): ServiceStatus {
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1] ?? '';
  const since = Number(value('StateChangeTimestamp').replace('@', ''));
  return {
    running: value('ActiveState') === 'active',
    pid: Number(value('MainPID')) || null,
    since: since > 0 ? since * 1000 : null,
  };
}

function unit(name: EngineName): string {
  return `meshwright-${name}.service`;
}
