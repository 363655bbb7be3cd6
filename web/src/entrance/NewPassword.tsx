import { PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { passwordProblem } from './password-rule.ts';

interface NewPasswordProps {
  readonly label: string;
  readonly value: string;
  readonly repeated: string;
  readonly error?: string | null;
  readonly onChange: (value: string, repeated: string) => void;
}

/** A new password, typed twice. Complaints begin when a field was left, not while it is being typed. */
export function NewPassword({ label, value, repeated, error, onChange }: NewPasswordProps) {
  const [left, setLeft] = useState({ first: false, second: false });
  const problem = passwordProblem(value);
  const unequal = left.second && repeated !== value ? 'The two are not equal' : null;
  return (
    <>
      <PasswordInput
        label={label}
        description="8 to 128 characters"
        autoComplete="new-password"
        required
        withAsterisk={false}
        value={value}
        error={error ?? (left.first ? problem : null)}
        onBlur={() => setLeft((before) => ({ ...before, first: value !== '' }))}
        onChange={(event) => onChange(event.currentTarget.value, repeated)}
      />
      <PasswordInput
        label={`${label}, again`}
        autoComplete="new-password"
        required
        withAsterisk={false}
        value={repeated}
        error={unequal}
        onBlur={() => setLeft((before) => ({ ...before, second: repeated !== '' }))}
        onChange={(event) => onChange(value, event.currentTarget.value)}
      />
    </>
  );
}
