import { Argument, Command } from 'commander';
import { CliError, ExitCode } from '../../cli-error.ts';
import { ago, print, table } from '../../output.ts';
import { connect, type TargetOptions, wholeNumber, withTarget } from '../../target.ts';
import { type CarefulOptions, carefully, careQuery, printChange } from './careful.ts';

interface Version {
  readonly at: number;
  readonly by: number;
}
interface Status {
  readonly sealed: boolean;
  readonly clients_may_manage: boolean;
  readonly rules: number;
  readonly broken: readonly { kind: string; of: string; text: string; why: string }[];
  readonly pending: { readonly seconds_left: number } | null;
  readonly conflicts: readonly { name: string; winner: Version; loser: Version }[];
}
interface TestResult {
  readonly name: string;
  readonly expect: string;
  readonly got: string | null;
  readonly detail: string;
}

export function statusView({
  sealed,
  clients_may_manage,
  rules,
  broken,
  pending,
  conflicts,
}: Status): string[] {
  return [
    `Rules: ${rules}`,
    `Underlay: ${sealed ? 'sealed; only tunnels of configured peers come in' : 'base policy'}`,
    `Overlay clients may manage: ${clients_may_manage ? 'yes' : 'no'}`,
    ...(pending ? [`A change waits for confirmation: undone in ${pending.seconds_left} s`] : []),
    ...broken.map(
      ({ kind, of, text, why }) => `Not in force: ${kind === 'set' ? `set ${of}, ` : ''}${text}: ${why}`,
    ),
    ...conflicts.map(
      ({ name, winner, loser }) =>
        `Shared ${name}: the change of controller ${winner.by} overrode that of controller ${loser.by}, ${ago(Date.now() - loser.at)} ago`,
    ),
  ];
}

const status = withTarget(new Command('status').description('show how the firewall stands')).action(
  async (options: TargetOptions) => {
    print(options.json, await (await connect(options)).get<Status>('/v2/firewall/status'), statusView);
  },
);

const confirm = withTarget(
  new Command('confirm').description('keep the change that waits for its confirmation'),
).action(async (options: TargetOptions) => {
  print(options.json, await (await connect(options)).post<Status>('/v2/firewall/confirm'), () => 'Confirmed');
});

const cancel = withTarget(
  new Command('cancel').description('undo the change that waits for its confirmation'),
).action(async (options: TargetOptions) => {
  print(options.json, await (await connect(options)).post<Status>('/v2/firewall/cancel'), () => 'Undone');
});

async function set(options: CarefulOptions, body: Partial<Pick<Status, 'sealed' | 'clients_may_manage'>>) {
  const client = await connect(options);
  const answer = await client.put<Status>(`/v2/firewall/settings${careQuery(options)}`, body);
  printChange(options, answer, statusView);
}

const seal = (word: 'seal' | 'unseal') =>
  carefully(
    new Command(word).description(
      word === 'seal'
        ? 'close the underlay but for tunnels of configured peers: management only over the overlay'
        : 'open the underlay to management again',
    ),
  )
    .option('--yes', 'do not ask')
    .action(async (options: CarefulOptions & { yes?: boolean }) => {
      // Whoever manages over the underlay would lock himself out: he says that he knows, or has to confirm.
      if (word === 'seal' && !options.yes && !options.dryRun && options.confirm === undefined) {
        throw new CliError(
          'the API will answer only over the overlay afterwards. Give --confirm to have it undone if you are locked out, or --yes',
          ExitCode.usage,
        );
      }
      await set(options, { sealed: word === 'seal' });
    });

const clientsMayManage = carefully(
  new Command('clients-may-manage').description(
    'let overlay clients reach console and API of this controller, or keep them away',
  ),
)
  .addArgument(new Argument('<whether>').choices(['yes', 'no']))
  .action((whether: string, options: CarefulOptions) =>
    set(options, { clients_may_manage: whether === 'yes' }),
  );

function testsView(results: readonly TestResult[]): string[] {
  if (results.length === 0) return ['No rule tests'];
  const rows = results.map(({ name, expect, got, detail }) => [
    expect === got ? 'ok' : 'FAILS',
    name,
    `must ${expect}`,
    detail,
  ]);
  return table(['', 'test', 'expected', 'detail'], rows);
}

const test = withTarget(
  new Command('test').description('run the stored rule tests with real packets, or try one packet'),
)
  .option('--from <address>', 'source of one packet')
  .option('--to <address>', 'destination of one packet')
  .option('--protocol <name>', 'tcp, udp or icmp', 'tcp')
  .option('--port <n>', 'destination port', wholeNumber)
  .option('--expect <verdict>', 'pass or drop', 'pass')
  .option('--keep <name>', 'store it under this name: it is then checked before each change')
  .action(
    async (
      options: TargetOptions & {
        from?: string;
        to?: string;
        protocol: string;
        port?: number;
        expect: string;
        keep?: string;
      },
    ) => {
      const client = await connect(options);
      const { from, to, protocol, port = null, expect, keep } = options;
      const one =
        from !== undefined && to !== undefined
          ? { name: keep ?? `${from} to ${to}`, from, to, protocol, port, expect }
          : null;
      if (one && keep !== undefined) {
        const { tests } = await client.get<{ tests: { name: string }[] }>('/v2/firewall/tests');
        await client.put('/v2/firewall/tests', {
          tests: [...tests.filter(({ name }) => name !== keep), one],
        });
      }
      const body = one ? { tests: [one] } : {};
      const results = await client.post<TestResult[]>('/v2/firewall/tests/run', body, { timeoutMs: 60_000 });
      print(options.json, results, testsView);
      if (results.some((result) => result.got !== result.expect)) process.exitCode = ExitCode.failure;
    },
  );

const reset = withTarget(
  new Command('reset-tracking').description('forget all tracked connections: flows are judged anew'),
).action(async (options: TargetOptions) => {
  const body = { action: 'reset_connection_tracking' };
  print(options.json, await (await connect(options)).put('/v2/firewall/actions', body), () => 'Done');
});

export const safetyCommands: readonly Command[] = [
  status,
  confirm,
  cancel,
  test,
  seal('seal'),
  seal('unseal'),
  clientsMayManage,
  reset,
];
