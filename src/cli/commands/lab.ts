import { Command, InvalidArgumentError } from 'commander';
import { Lab } from '../../lab/lab.ts';
import { renderMatrix } from '../../lab/ping-matrix.ts';
import { CliError, ExitCode } from '../cli-error.ts';
import { enterLab } from '../lab-shell.ts';
import { labFacts, labView, nextSteps } from '../lab-view.ts';
import { print } from '../output.ts';
import { controllerNumber, wholeNumber } from '../target.ts';

/** `30%`, `30`, `0.5 %`. */
export function percent(text: string): number {
  const value = Number(/^(\d+(\.\d+)?)\s*%?$/.exec(text)?.[1] ?? Number.NaN);
  if (!(value >= 0 && value <= 100)) throw new InvalidArgumentError('a share from 0% to 100% is needed.');
  return value;
}

/** The launcher says so: from a clone, `meshwright` alone is no command. */
const calledAs = process.env.MESHWRIGHT_CALLED_AS ?? 'meshwright';

interface UpFlags {
  readonly size: number;
  readonly clients?: number;
  readonly oneCore?: boolean;
  readonly fresh?: boolean;
  readonly json?: boolean;
}

const up = new Command('up')
  .description('start controllers, connect them and show that every site reaches every other')
  .option('--size <n>', 'number of controllers, 1 to 10', controllerNumber, 3)
  .option('--clients <n>', 'number of clients of the licence, instead of the free one', wholeNumber)
  .option('--one-core', 'run each controller on one core, as on a small machine; more than four always do')
  .option('--fresh', 'leave the controllers as they come: without licence, keyset and peers')
  .option('--json', 'print the lab as JSON')
  .action(async (options: UpFlags) => {
    const { size, clients, oneCore, fresh = false, json } = options;
    const start = performance.now();
    const progress = (text: string) => {
      process.stderr.write(`[${((performance.now() - start) / 1000).toFixed(1).padStart(5)} s] ${text}\n`);
    };
    const lab = await Lab.up({ size, clients, fresh, oneCore, progress });
    const matrix = fresh || size === 1 || json ? [] : ['', renderMatrix(await lab.pingMatrix())];
    print(json, labFacts(lab), (facts) => [...labView(facts), ...matrix, ...nextSteps(facts, calledAs)]);
  });

const status = new Command('status')
  .description('what runs, where it is, and what the internet between does')
  .option('--json', 'addresses, URLs and API passwords as JSON')
  .action(async ({ json }: { json?: boolean }) => {
    const lab = Lab.attach();
    const matrix = json === true ? [] : ['', renderMatrix(await lab.pingMatrix())];
    print(json, labFacts(lab), (facts) => [...labView(facts), ...matrix]);
  });

const down = new Command('down')
  .description('remove the lab without a trace')
  .option('--force', 'also when a process, such as a test, is working with it')
  .action((options: { force?: boolean }) => Lab.down(options));

const pair = (command: Command, second = '[b]') =>
  command
    .argument('<a>', 'a controller', controllerNumber)
    .argument(second, 'another one; without it: all others', controllerNumber);
const ONE_WAY = ['--one-way', 'only from A to B'] as const;

const cut = pair(new Command('cut').description('let nothing pass between two controllers'))
  .option(...ONE_WAY)
  .action((a: number, b: number | undefined, options: { oneWay?: boolean }) =>
    Lab.attach().cut(a, b, options),
  );

const heal = new Command('heal')
  .description('undo cut, loss and mtu: everywhere, of one controller, or between two')
  .argument('[a]', 'a controller', controllerNumber)
  .argument('[b]', 'another one', controllerNumber)
  .action((a?: number, b?: number) => Lab.attach().heal(a, b));

const loss = pair(
  new Command('loss').description('lose a share of the packets between two controllers'),
  '<b>',
)
  .argument('<share>', 'e.g. 30%', percent)
  .option(...ONE_WAY)
  .action((a: number, b: number, share: number, options: { oneWay?: boolean }) =>
    Lab.attach().loss(a, b, share, options),
  );

const mtu = pair(
  new Command('mtu').description('drop larger packets silently between two controllers'),
  '<b>',
)
  .argument('<bytes>', 'the largest packet that passes', wholeNumber)
  .option(...ONE_WAY)
  .action((a: number, b: number, bytes: number, options: { oneWay?: boolean }) =>
    Lab.attach().mtu(a, b, bytes, options),
  );

const kill = new Command('kill')
  .description('kill a part of a controller with SIGKILL, or pull its plug')
  .argument('<id>', 'the controller', controllerNumber)
  .argument('<part>', 'controller, applier, bird, openvpn, link or power')
  .argument('[peer]', 'with link: the controller at its other end', controllerNumber)
  .action(async (id: number, part: string, peer?: number) => {
    const lab = Lab.attach();
    if (part === 'power') return lab.powerOff(id);
    if (part === 'link' && peer === undefined)
      throw new CliError('which link? `lab kill 1 link 2`', ExitCode.usage);
    const parts = ['controller', 'applier', 'bird', 'openvpn', 'link'] as const;
    const known = parts.find((one) => one === part);
    if (known === undefined)
      throw new CliError(`no part ${part}: ${parts.join(', ')} or power`, ExitCode.usage);
    const count = lab.kill(id, known === 'link' ? { link: peer! } : known);
    if (count === 0) throw new CliError(`nothing of that kind runs in controller ${id}`);
  });

const start = new Command('start')
  .description('switch a controller on again after `kill <id> power`')
  .argument('<id>', 'the controller', controllerNumber)
  .action((id: number) => Lab.attach().powerOn(id));

const shell = new Command('shell')
  .description('a shell, or a program, in a controller (1) or in the host of its site network (s1)')
  .argument('<place>', 'a controller such as 1, a site host such as s1, or `internet`')
  .argument('[argv...]', 'a program and its arguments; after -- when they begin with a dash')
  .passThroughOptions()
  .action((place: string, argv: string[]) =>
    enterLab(Lab.attach(), place, argv[0] === '--' ? argv.slice(1) : argv),
  );

export function labCommand(): Command {
  const command = new Command('lab').description('a whole mesh on this machine, in network namespaces');
  command.enablePositionalOptions();
  for (const verb of [up, status, down, cut, heal, loss, mtu, kill, start, shell]) command.addCommand(verb);
  return command;
}
