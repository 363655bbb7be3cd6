import { Button, Group, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { messageAt } from '../../api/error.ts';
import {
  secondFactorDone,
  useBeginSecondFactor,
  useConfirmSecondFactor,
  useEndSecondFactor,
  useSecondFactor,
} from '../../api/session.ts';
import { FormError } from '../../kit/FormError.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { Notice } from '../../kit/Notice.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { QrCode } from './QrCode.tsx';

export function SecondFactor() {
  const { data: state, error } = useSecondFactor();
  const begin = useBeginSecondFactor();
  const confirm = useConfirmSecondFactor();
  const end = useEndSecondFactor();
  const done = () => {
    begin.reset();
    confirm.reset();
    void secondFactorDone();
  };
  return (
    <Section
      title="Second factor"
      note="A code of an app on your phone, asked for after the password. Programs then need a token."
    >
      <Stack gap="sm" maw={440}>
        <FormError error={begin.error} />
        {confirm.data ? (
          <Recovery codes={confirm.data.recovery_codes} onDone={done} />
        ) : begin.data ? (
          <>
            <QrCode text={begin.data.uri} />
            <div>
              Or type this into the app: <Mono>{begin.data.secret.replaceAll(/(.{4})/g, '$1 ')}</Mono>
            </div>
            <CodeForm
              label="Turn it on"
              busy={confirm.isPending}
              error={confirm.error}
              onCode={(code) => confirm.mutate(code)}
            />
          </>
        ) : !state ? (
          <Waiting error={error} />
        ) : state.second_factor ? (
          <>
            <Notice tone="good">It is on. {state.recovery_codes_left} recovery codes are left.</Notice>
            <CodeForm
              label="Turn it off"
              busy={end.isPending}
              error={end.error}
              onCode={(code) => end.mutate(code)}
            />
          </>
        ) : (
          <Group>
            <Button loading={begin.isPending} onClick={() => begin.mutate()}>
              Set it up
            </Button>
          </Group>
        )}
      </Stack>
    </Section>
  );
}

interface CodeFormProps {
  readonly label: string;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onCode: (code: string) => void;
}

function CodeForm({ label, busy, error, onCode }: CodeFormProps) {
  const [code, setCode] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onCode(code);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <FormError error={error} fields={['code']} />
        <TextInput
          label="Code"
          autoComplete="one-time-code"
          inputMode="numeric"
          value={code}
          error={messageAt(error, 'code')}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Group>
          <Button type="submit" disabled={code.trim() === ''} loading={busy}>
            {label}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Recovery({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  return (
    <>
      <Notice tone="good" title="It is on. Keep these recovery codes; they are shown only now.">
        Each lets you in once without the phone.
      </Notice>
      <Mono>
        {codes.map((code) => (
          <div key={code}>{code}</div>
        ))}
      </Mono>
      <Group>
        <Button onClick={onDone}>I have them</Button>
      </Group>
    </>
  );
}
