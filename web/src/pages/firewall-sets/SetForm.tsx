import { Checkbox, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { messageAt } from '../../api/error.ts';
import { type Change, type FwSet, setPath } from '../../api/firewall.ts';
import { ChangeDialog } from '../../firewall/ChangeDialog.tsx';
import { LinesInput } from '../../kit/LinesInput.tsx';
import { entriesText, parseEntries } from './entries-text.ts';

const TYPES = [
  {
    value: 'net',
    label: 'Addresses, networks, host names',
    example: '10.0.0.0/8\nexample.net  # looked up again and again',
  },
  { value: 'port', label: 'Ports', example: '443\n8000-8010' },
  { value: 'service', label: 'Services: address and port', example: '10.0.0.1,tcp:443\n10.0.0.2,udp:53' },
  { value: 'list', label: 'Other sets', example: 'office\nbranch' },
] as const;

interface SetFormProps {
  /** Null makes a new one. */
  readonly set: FwSet | null;
  readonly onClose: () => void;
}

export function SetForm({ set, onClose }: SetFormProps) {
  const [name, setName] = useState(set?.name ?? '');
  const [type, setType] = useState(set?.type ?? 'net');
  const [description, setDescription] = useState(set?.description ?? '');
  const [entries, setEntries] = useState(entriesText(set?.entries ?? []));
  const [shared, setShared] = useState(set?.sync_mesh ?? false);
  const wanted: Change = {
    method: set ? 'PUT' : 'POST',
    path: setPath(set?.name),
    body: { name, type, description, entries: parseEntries(entries), sync_mesh: shared },
  };
  return (
    <ChangeDialog
      title={set ? `Change ${set.name}` : 'Add a set'}
      submit={set ? 'Save set' : 'Add set'}
      wanted={wanted}
      isReady={name.trim() !== ''}
      fields={['name', 'type', 'description', 'entries']}
      onClose={onClose}
    >
      {(error) => (
        <>
          <TextInput
            label="Name"
            description="Letters, digits, hyphens and underscores; in a rule: -s NAME"
            data-autofocus
            spellCheck={false}
            autoComplete="off"
            value={name}
            error={messageAt(error, 'name')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label="Holds"
            data={TYPES.map(({ value, label }) => ({ value, label }))}
            value={type}
            allowDeselect={false}
            disabled={set !== null}
            error={messageAt(error, 'type')}
            onChange={(value) => setType(value ?? 'net')}
          />
          <TextInput
            label="Description"
            value={description}
            error={messageAt(error, 'description')}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <LinesInput
            label="Entries"
            description="One a line; what follows a # is its comment"
            placeholder={TYPES.find(({ value }) => value === type)?.example}
            minRows={5}
            maxRows={16}
            value={entries}
            error={messageAt(error, 'entries')}
            onChange={(event) => setEntries(event.currentTarget.value)}
          />
          <Checkbox
            label="Share it with every controller"
            description="One that is down gets it when it is back. Of two changes at once the later one wins."
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
        </>
      )}
    </ChangeDialog>
  );
}
