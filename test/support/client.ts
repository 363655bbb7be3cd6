import type { PackKind } from '../../src/clientpack/client-intent.ts';
import { ClientHost } from '../../src/lab/client-host.ts';
import { downloadPack } from '../../src/lab/packs.ts';
import type { TestLab } from './lab.ts';
import { until } from './until.ts';

let booted = 0;

/** A host that is an overlay client, with the pack as it is downloaded now. */
export class TestClient {
  readonly host: ClientHost;
  readonly address: string;
  readonly #lab: TestLab;

  constructor(lab: TestLab, host: ClientHost, address: string) {
    this.#lab = lab;
    this.host = host;
    this.address = address;
  }

  static async boot(lab: TestLab, address: string): Promise<TestClient> {
    booted++;
    return new TestClient(lab, await ClientHost.boot(booted), address);
  }

  async start(kind: PackKind): Promise<this> {
    const files = await downloadPack(this.#lab, this.address, kind);
    if (kind === 'openvpn') this.host.openvpn(files);
    else if (kind === 'ha') await this.host.ha(files);
    else await this.host.wireguard(files);
    return this;
  }

  /** Starts OpenVPN once more, with the file that was downloaded before. */
  again(): void {
    const file = `${this.host.plan.directory}/${this.address.replaceAll('.', '_')}.conf`;
    this.host.start(['openvpn', '--config', file], 'openvpn');
  }

  /** One echo request and its answer; `from` claims another address than the own one. */
  async reaches(target: string, from?: string): Promise<boolean> {
    const source = from === undefined ? [] : ['-S', from];
    const { code } = await this.host.exec(['fping', '-q', '-c', '1', '-t', '700', ...source, target]);
    return code === 0;
  }

  async untilReaches(target: string, within = 20): Promise<void> {
    await until(`${this.address} reaches ${target}`, () => this.reaches(target), { within, everyMs: 200 });
  }

  /** What a TCP connection meets: `open`, or the error's code. */
  async knock(target: string, port: number): Promise<string> {
    const program = `require('net').connect({host:'${target}',port:${port},timeout:1500})
      .on('connect',()=>{console.log('open');process.exit()})
      .on('error',(e)=>{console.log(e.code);process.exit()})
      .on('timeout',()=>{console.log('timeout');process.exit()})`;
    const { stdout } = await this.host.exec(['node', '-e', program]);
    return stdout.trim();
  }
}

/** The controller that holds a client, as one controller shows it; null when nobody does. */
export async function holderOf(lab: TestLab, id: number, address: string): Promise<number | null> {
  const clients = await lab.api(id).get<Record<string, { managerid: number }>>('/status/clients');
  return clients[address]?.managerid ?? null;
}

/** All powered controllers agree who holds a client. */
export async function untilHeldBy(lab: TestLab, address: string, holder: number | null, within = 20) {
  await until(
    `${address} is held by ${holder}`,
    async () => {
      const seen = await Promise.all(lab.poweredIds.map((id) => holderOf(lab, id, address)));
      if (seen.some((one) => one !== holder)) throw new Error(`seen: ${JSON.stringify(seen)}`);
      return true;
    },
    { within },
  );
}
