import { Button, Group, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { type Change, rulePath } from '../../api/firewall.ts';
import { useCarefulChange } from '../../firewall/careful-change.ts';
import { DryRunButton } from '../../firewall/DryRunButton.tsx';
import { DryRunReport } from '../../firewall/DryRunReport.tsx';
import { FormError } from '../../kit/FormError.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { Section } from '../../kit/Section.tsx';
import styles from './Nat.module.css';
import type { Recipe } from './recipes.ts';

export function RecipeForm({ recipe }: { recipe: Recipe }) {
  const careful = useCarefulChange();
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const given = Object.fromEntries(
    Object.entries(values)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== ''),
  );
  const isComplete = recipe.fields.every(({ name, optional }) => optional || given[name] !== undefined);
  const rules = recipe.rules(given);
  const wanted: Change = {
    method: 'POST',
    path: rulePath(),
    body: { rules: rules.map((rule) => ({ rule, comment: recipe.title })) },
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    careful.send(wanted, () => {
      setValues({});
      notifications.show({ message: `${recipe.title}: in force` });
    });
  };
  return (
    <Section title={recipe.title} note={recipe.about}>
      <form onSubmit={submit}>
        <FormError error={careful.error} />
        <div className={styles.fields}>
          {recipe.fields.map(({ name, label, optional, ...field }) => (
            <TextInput
              key={name}
              {...field}
              label={optional ? `${label} (optional)` : label}
              size="sm"
              spellCheck={false}
              autoComplete="off"
              value={values[name] ?? ''}
              onChange={(event) => setValues({ ...values, [name]: event.currentTarget.value })}
            />
          ))}
        </div>
        {isComplete && (
          <section className={styles.rules} aria-label="Rules that this writes">
            {rules.map((rule) => (
              <Mono key={rule}>{rule}</Mono>
            ))}
          </section>
        )}
        <DryRunReport report={careful.reportOn(wanted)} />
        <Group justify="flex-end" mt="sm">
          <DryRunButton size="xs" careful={careful} wanted={isComplete ? wanted : null} />
          <Button size="xs" type="submit" disabled={!isComplete} loading={careful.isSending}>
            Put in force
          </Button>
        </Group>
      </form>
    </Section>
  );
}
