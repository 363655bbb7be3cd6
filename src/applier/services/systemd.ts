import { command } from '../command.ts';
import { type EngineName, isEngineName, type ServiceStatus, type Services } from './service.ts';

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
    const text = await command('systemctl', [
      'show',
      unit(name),
      '--timestamp=unix',
      '--property=MainPID,ActiveState,StateChangeTimestamp',
    ]);
    const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1] ?? '';
    const since = Number(value('StateChangeTimestamp').replace('@', ''));
    return {
      running: value('ActiveState') === 'active',
      pid: Number(value('MainPID')) || null,
      since: since > 0 ? since * 1000 : null,
    };
  }

  async list(): Promise<EngineName[]> {
    const text = await command('systemctl', [
      'list-units',
      '--plain',
      '--no-legend',
      '--all',
      'meshwright-*',
    ]);
    return text
      .split('\n')
      .map((line) => line.trim().split(/\s+/)[0] ?? '')
      .map((name) => name.replace(/^meshwright-/, '').replace(/\.service$/, ''))
      .filter(isEngineName);
  }
}

function unit(name: EngineName): string {
  return `meshwright-${name}.service`;
}
