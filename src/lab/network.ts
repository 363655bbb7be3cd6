import { statSync } from 'node:fs';
import { type ControllerPlan, lab } from './plan.ts';
import { attempt, run } from './program.ts';

/**
 * The wires of the lab: one bridge that plays the internet, one port on it per controller and one for this
 * machine, and a site network behind each controller. The builders are pure; `ip -batch` does a set at once.
 */
export function internetBatch(): string[] {
  return [
    `link add ${lab.hostInterface} type veth peer name ${lab.hostPort} netns ${lab.internetNamespace}`,
    `addr add ${lab.hostAddress}/24 dev ${lab.hostInterface}`,
    `link set ${lab.hostInterface} up`,
  ];
}

export function bridgeBatch(): string[] {
  return [
    `link add ${lab.bridge} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`,
    `link set ${lab.bridge} up`,
    `link set ${lab.hostPort} master ${lab.bridge} up`,
  ];
}

/** Run in the internet namespace: plugs the controller in. */
export function plugBatch(plan: ControllerPlan): string[] {
  return [
    `link add ${plan.port} type veth peer name eth0 address ${plan.mac} netns ${plan.namespace}`,
    `link set ${plan.port} master ${lab.bridge} up`,
  ];
}

/** Run in the controller's namespace. */
export function controllerBatch(plan: ControllerPlan): string[] {
  return [
    'link set lo up',
    `addr add ${plan.underlay}/24 dev eth0`,
    'link set eth0 up',
    `route add default via ${lab.hostAddress} dev eth0`,
    `link add ${lab.siteInterface} type veth peer name eth0 netns ${plan.siteNamespace}`,
    `addr add ${plan.siteGateway}/24 dev ${lab.siteInterface}`,
    `link set ${lab.siteInterface} up`,
  ];
}

/** Run in the site's namespace. */
export function siteBatch(plan: ControllerPlan): string[] {
  return [
    'link set lo up',
    `addr add ${plan.siteHost}/24 dev eth0`,
    'link set eth0 up',
    `route add default via ${plan.siteGateway} dev eth0`,
  ];
}

export async function batch(namespace: string | null, lines: readonly string[]): Promise<void> {
  const where = namespace === null ? [] : ['-n', namespace];
  await run(['ip', ...where, '-batch', '-'], { input: `${lines.join('\n')}\n` });
}

export function namespaceExists(name: string): boolean {
  return statSync(`/run/netns/${name}`, { throwIfNoEntry: false }) !== undefined;
}

export async function buildInternet(): Promise<void> {
  await run(['ip', 'netns', 'add', lab.internetNamespace]);
  await batch(null, internetBatch());
  await batch(lab.internetNamespace, bridgeBatch());
}

/** Builds a controller's namespace and wires; the site namespace may be there already, after a power cut. */
export async function buildController(plan: ControllerPlan): Promise<void> {
  await run(['ip', 'netns', 'add', plan.namespace]);
  if (!namespaceExists(plan.siteNamespace)) await run(['ip', 'netns', 'add', plan.siteNamespace]);
  await batch(lab.internetNamespace, plugBatch(plan));
  await batch(plan.namespace, controllerBatch(plan));
  await batch(plan.siteNamespace, siteBatch(plan));
}

/** Removes a controller's namespace. Its processes must be gone, or the kernel keeps the namespace alive. */
export async function removeController(plan: ControllerPlan): Promise<void> {
  await attempt(['ip', '-n', lab.internetNamespace, 'link', 'del', plan.port]);
  await attempt(['ip', '-n', plan.namespace, 'link', 'del', lab.siteInterface]);
  await attempt(['ip', 'netns', 'del', plan.namespace]);
}

/** Largest packet train that the controller's network card takes at once: 1 makes every packet stand alone. */
export async function setPacketTrain(plan: ControllerPlan, segments: 1 | 65535): Promise<void> {
  await attempt(['ip', '-n', plan.namespace, 'link', 'set', 'eth0', 'gso_max_segs', String(segments)]);
}
