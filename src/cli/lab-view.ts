import type { Lab } from '../lab/lab.ts';
import { initPid } from '../lab/machine.ts';
import { controllerPlan } from '../lab/plan.ts';
import { table } from './output.ts';

export interface LabFacts {
  readonly phase: string;
  readonly license: string;
  readonly controllers: readonly {
    readonly id: number;
    readonly running: boolean;
    readonly underlay: string;
    readonly url: string;
    readonly loopback_url: string;
    readonly user: 'api';
    readonly password: string | null;
    readonly site_subnet: string;
    readonly site_host: string;
  }[];
  readonly impairments: readonly { kind: string; from: number; to: number; value: number }[];
}

/** What scripts and tests read from `lab status --json`. */
export function labFacts(lab: Lab): LabFacts {
  const { phase, license, controllers, impairments } = lab.state;
  return {
    phase,
    license,
    controllers: controllers.map(({ id, password }) => {
      const plan = controllerPlan(id);
      return {
        id,
        running: initPid(plan) !== undefined,
        underlay: plan.underlay,
        url: plan.url,
        loopback_url: plan.loopbackUrl,
        user: 'api',
        password,
        site_subnet: plan.siteSubnet,
        site_host: plan.siteHost,
      };
    }),
    impairments,
  };
}

const WORDS: Record<string, (value: number) => string> = {
  cut: () => 'nothing passes',
  loss: (value) => `${value} % lost`,
  mtu: (value) => `larger than ${value} bytes dropped`,
};

/** What somebody can do with a lab who has just brought one up; `program` is how he called us. */
export function nextSteps({ controllers }: LabFacts, program: string): string[] {
  const breaking =
    controllers.length > 1
      ? [['break a link, mend it', `${program} lab cut 1 2`, `${program} lab heal`]]
      : [];
  const steps = [
    ['how it stands', `${program} status --lab 1`, ''],
    ...breaking,
    ['set-up code for the console', `${program} credentials --lab 1`, ''],
    ['remove it all', `${program} lab down`, ''],
  ];
  return ['', ...table(['next', '', ''], steps)];
}

export function labView({ controllers, impairments }: LabFacts): string[] {
  const rows = controllers.map((one) => [
    String(one.id),
    one.running ? 'on' : 'off',
    one.url,
    one.loopback_url,
    one.password ?? '-',
    one.site_subnet,
  ]);
  const troubles = impairments.map(
    ({ kind, from, to, value }) => `  ${from} -> ${to}: ${WORDS[kind]?.(value) ?? kind}`,
  );
  return [
    ...table(
      ['controller', 'power', 'API and console', 'the same at', 'password of user api', 'site network'],
      rows,
    ),
    ...(troubles.length === 0 ? [] : ['', 'The internet between them:', ...troubles]),
  ];
}
