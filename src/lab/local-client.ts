import { Client } from '../cli/client.ts';
import { socketEndpoint } from '../cli/endpoint.ts';
import { paths } from '../paths.ts';
import { initPid } from './machine.ts';
import type { ControllerPlan } from './plan.ts';

/** The control socket of a lab machine, through the root directory of its first process: as root on it uses it. */
export function localClient(plan: ControllerPlan): Client {
  const socket = `/proc/${initPid(plan)}/root${paths.controlSocket}`;
  return new Client(socketEndpoint(socket, `controller ${plan.id}`));
}
