import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { type RuleTest, testsPath, useChange, useRunTests, useTests } from '../../api/firewall.ts';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { FormError } from '../../kit/FormError.tsx';
import { IconButton } from '../../kit/IconButton.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { Section } from '../../kit/Section.tsx';
import { StateMark } from '../../kit/StateMark.tsx';
import styles from './Line.module.css';

const EMPTY = {
  name: '',
  from: '',
  to: '',
  protocol: 'tcp',
  port: 443 as number | null,
  expect: 'pass',
} as const;
type Draft = { -readonly [K in keyof RuleTest]: RuleTest[K] };

/** Packets that must pass or be dropped. Each change is tried on them first, and refused when one would fail. */
export function RuleTests() {
  const { data: tests = [] } = useTests();
  const change = useChange();
  const run = useRunTests();
  const [draft, setDraft] = useState<Draft>({ ...EMPTY });
  const save = (next: readonly RuleTest[], onSuccess?: () => void) =>
    change.mutate({ method: 'PUT', path: testsPath, body: { tests: next } }, onSuccess ? { onSuccess } : {});
  const add = (event: FormEvent) => {
    event.preventDefault();
    const port = draft.protocol === 'icmp' ? null : draft.port;
    const test = { ...draft, port, name: draft.name.trim() || `${draft.from} to ${draft.to}` };
    const others = tests.filter(({ name }) => name !== test.name);
    save([...others, test], () => {
      setDraft({ ...EMPTY });
      // What the last run said is about the test that had this name before.
      if (others.length < tests.length) run.reset();
    });
  };
  const results = new Map(run.data?.map((result) => [result.name, result]));
  return (
    <Section
      title="Rule tests"
      note="Checked with real packets beside the running firewall before each change; one that fails keeps the change from being made."
      flush
      aside={
        tests.length > 0 && (
          <Button size="xs" variant="default" loading={run.isPending} onClick={() => run.mutate()}>
            Run now
          </Button>
        )
      }
    >
      <div className={styles.error}>
        <FormError error={change.error ?? run.error} />
      </div>
      {tests.length > 0 && (
        <DataTable caption="Rule tests" columns={['Test', 'Packet', 'Must', 'Last run']} withActions>
          {tests.map((test) => {
            const result = results.get(test.name);
            return (
              <tr key={test.name}>
                <RowHead>{test.name}</RowHead>
                <Cell label="Packet" text>
                  <Mono>
                    {test.protocol} {test.from} → {test.to}
                    {test.port !== null && ` port ${test.port}`}
                  </Mono>
                </Cell>
                <Cell label="Must">{test.expect === 'pass' ? 'pass' : 'be dropped'}</Cell>
                <Cell label="Last run" text>
                  {!result && 'not run here'}
                  {result && (
                    <StateMark
                      state={result.got === result.expect ? 'up' : 'down'}
                      word={result.got === result.expect ? 'as it must' : result.detail}
                    />
                  )}
                </Cell>
                <Cell>
                  <IconButton
                    icon={IconTrash}
                    label={`Delete the test ${test.name}`}
                    danger
                    onClick={() => save(tests.filter(({ name }) => name !== test.name))}
                  />
                </Cell>
              </tr>
            );
          })}
        </DataTable>
      )}
      <form className={styles.line} onSubmit={add}>
        <TextInput
          size="xs"
          label="Name"
          value={draft.name}
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
        />
        <TextInput
          size="xs"
          label="From"
          placeholder="10.0.0.1"
          value={draft.from}
          onChange={(event) => setDraft({ ...draft, from: event.currentTarget.value.trim() })}
        />
        <TextInput
          size="xs"
          label="To"
          placeholder="10.0.1.1"
          value={draft.to}
          onChange={(event) => setDraft({ ...draft, to: event.currentTarget.value.trim() })}
        />
        <Select
          size="xs"
          label="Protocol"
          w={90}
          allowDeselect={false}
          data={['tcp', 'udp', 'icmp']}
          value={draft.protocol}
          onChange={(value) => setDraft({ ...draft, protocol: (value ?? 'tcp') as RuleTest['protocol'] })}
        />
        {draft.protocol !== 'icmp' && (
          <NumberInput
            size="xs"
            label="Port"
            w={90}
            min={1}
            max={65535}
            allowDecimal={false}
            value={draft.port ?? ''}
            onChange={(value) => setDraft({ ...draft, port: Number(value) })}
          />
        )}
        <Select
          size="xs"
          label="Must"
          w={110}
          allowDeselect={false}
          data={[
            { value: 'pass', label: 'pass' },
            { value: 'drop', label: 'be dropped' },
          ]}
          value={draft.expect}
          onChange={(value) => setDraft({ ...draft, expect: (value ?? 'pass') as RuleTest['expect'] })}
        />
        <Button
          size="xs"
          variant="light"
          type="submit"
          disabled={draft.from === '' || draft.to === ''}
          loading={change.isPending}
        >
          Add test
        </Button>
      </form>
    </Section>
  );
}
