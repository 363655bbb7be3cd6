import type { Fault } from '../fault.ts';
import { clock } from './clock.ts';
import { cpuHogs } from './cpu-hogs.ts';
import { cut } from './cut.ts';
import { diskFull } from './disk-full.ts';
import { dnsChanged, dnsDead } from './dns.ts';
import { stopApplier, stopBird, stopController } from './freeze.ts';
import { jitter } from './jitter.ts';
import { killApplier, killBird, killController, killOpenvpn, killTunnel } from './kill.ts';
import { loss } from './loss.ts';
import { mtu } from './mtu.ts';
import { oneWayCut } from './one-way-cut.ts';
import { powerOff } from './power-off.ts';
import { twoAtOnce } from './two-at-once.ts';

/** Every fault of the matrix. A new one is a file and a line; the order is that of the report. */
export const faults: readonly Fault[] = [
  cut,
  oneWayCut,
  loss,
  jitter,
  mtu,
  dnsDead,
  dnsChanged,
  clock,
  diskFull,
  killController,
  killApplier,
  killBird,
  killOpenvpn,
  killTunnel,
  stopController,
  stopApplier,
  stopBird,
  powerOff,
  cpuHogs,
  twoAtOnce,
];
