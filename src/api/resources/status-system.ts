import { readFile, statfs } from 'node:fs/promises';
import { loadavg, release, uptime } from 'node:os';
import { type Static, Type } from 'typebox';
import { VNS3_VERSION } from '../../version.ts';
import { Answer, answer, type Resource } from './resource.ts';

const Lines = Type.Array(Type.String());
const Table = Type.Array(Lines);
export const SystemStatus = Type.Object({
  timestamp: Type.String(),
  timestamp_i: Type.Integer(),
  vns3_version: Type.String(),
  kernel_version: Type.String(),
  uptime: Type.Integer({ description: 'Seconds' }),
  loadavg: Lines,
  diskinfo: Table,
  meminfo: Lines,
  swapinfo: Lines,
  container_system: Type.Object({
    container_system_running: Type.Boolean(),
    images_limit: Type.Integer(),
    images_stored: Type.Integer(),
    containers_limit: Type.Integer(),
    containers_active: Type.Integer(),
    container_network: Type.String(),
  }),
  data: Type.Object({ sysstat: Table }),
});
export type SystemStatus = Static<typeof SystemStatus>;

const NO_CONTAINERS = {
  container_system_running: false,
  images_limit: 0,
  images_stored: 0,
  containers_limit: 0,
  containers_active: 0,
  container_network: '',
} as const;

/** The machine: load, memory, disk. All figures are text, because typed clients read lists of strings. */
export const systemStatusRoutes: Resource = (api, ctx) => {
  api.get(
    '/status/system',
    {
      config: { permission: 'status:read' },
      schema: {
        summary: 'Load, memory and disk of this machine',
        querystring: Type.Object({ timestamp: Type.Optional(Type.Integer()) }),
        response: Answer(SystemStatus),
      },
    },
    async () => {
      const now = new Date();
      const memory = await memoryLines();
      return answer({
        timestamp: now.toISOString(),
        timestamp_i: Math.floor(now.getTime() / 1000),
        vns3_version: `Meshwright ${VNS3_VERSION}`,
        kernel_version: release(),
        uptime: Math.floor(uptime()),
        loadavg: loadavg().map((value) => value.toFixed(2)),
        diskinfo: await diskTable('/'),
        meminfo: memory.filter((line) => /^(Mem|Buffers|Cached)/.test(line)),
        swapinfo: memory.filter((line) => /^Swap(Total|Free)/.test(line)),
        container_system: NO_CONTAINERS,
        data: { sysstat: [['cpu_idle', (ctx.observed()?.cpuIdle ?? 0).toFixed(2)]] },
      });
    },
  );
};

/** Lines such as `MemTotal: 2048 kB`. */
async function memoryLines(): Promise<string[]> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  return text.split('\n').map((line) => line.replace(/\s+/g, ' ').trim());
}

async function diskTable(path: string): Promise<string[][]> {
  const { bsize, blocks, bfree, bavail } = await statfs(path);
  const kib = (count: number) => Math.round((count * bsize) / 1024);
  const used = kib(blocks - bfree);
  const share = Math.ceil((100 * used) / Math.max(1, used + kib(bavail)));
  return [
    ['Mounted on', '1K-blocks', 'Used', 'Available', 'Use%'],
    [path, String(kib(blocks)), String(used), String(kib(bavail)), `${share}%`],
  ];
}
