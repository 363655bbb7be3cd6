import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { messageAt } from '../../api/error.ts';
import { type Change, type Subtable, subtablePath } from '../../api/firewall.ts';
import { ChangeDialog } from '../../firewall/ChangeDialog.tsx';
import { LinesInput } from '../../kit/LinesInput.tsx';
import { parseRules, rulesText } from './rules-text.ts';

const TABLES = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];

interface SubtableFormProps {
  /** Null makes a new one. */
  readonly subtable: Subtable | null;
  readonly onClose: () => void;
}

export function SubtableForm({ subtable, onClose }: SubtableFormProps) {
  const [name, setName] = useState(subtable?.name ?? '');
  const [type, setType] = useState(subtable?.type ?? 'FORWARD');
  const [description, setDescription] = useState(subtable?.description ?? '');
  const [rules, setRules] = useState(subtable ? rulesText(subtable.name, subtable.rules) : '');
  const wanted: Change = {
    method: subtable ? 'PUT' : 'POST',
    path: subtablePath(subtable?.name),
    body: {
      name,
      type,
      description,
      rules: parseRules(name, rules).map((rule, position) => ({ ...rule, position })),
    },
  };
  return (
    <ChangeDialog
      title={subtable ? `Change ${subtable.name}` : 'Add a subtable'}
      submit={subtable ? 'Save subtable' : 'Add subtable'}
      wanted={wanted}
      isReady={name.trim() !== ''}
      fields={['name', 'type', 'description', 'rule']}
      onClose={onClose}
    >
      {(error) => (
        <>
          <TextInput
            label="Name"
            description="Letters, digits, hyphens and underscores; a rule jumps to it with -j NAME"
            placeholder="web"
            data-autofocus
            spellCheck={false}
            autoComplete="off"
            value={name}
            error={messageAt(error, 'name')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label="Reached from"
            data={TABLES}
            value={type}
            allowDeselect={false}
            disabled={subtable !== null}
            error={messageAt(error, 'type')}
            onChange={(table) => setType(table ?? 'FORWARD')}
          />
          <TextInput
            label="Description"
            value={description}
            error={messageAt(error, 'description')}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <LinesInput
            label="Rules"
            description="One a line, without the name. # begins the comment of the rule below it; off in front keeps a rule out of force."
            placeholder={'# the office\n-s 10.0.0.0/8 -j ACCEPT\n-j DROP'}
            minRows={5}
            maxRows={16}
            value={rules}
            error={messageAt(error, 'rule')}
            onChange={(event) => setRules(event.currentTarget.value)}
          />
        </>
      )}
    </ChangeDialog>
  );
}
