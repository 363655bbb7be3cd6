import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { messageAt } from '../../api/error.ts';
import { type Change, type Variable, variablePath } from '../../api/firewall.ts';
import { ChangeDialog } from '../../firewall/ChangeDialog.tsx';

interface VariableFormProps {
  /** Null makes a new one. */
  readonly variable: Variable | null;
  readonly onClose: () => void;
}

export function VariableForm({ variable, onClose }: VariableFormProps) {
  const [name, setName] = useState('');
  const [value, setValue] = useState(variable?.value ?? '');
  const [description, setDescription] = useState(variable?.description ?? '');
  const [shared, setShared] = useState(variable?.sync_mesh ?? false);
  const wanted: Change = {
    method: variable ? 'PUT' : 'POST',
    path: variablePath(variable?.variable),
    body: { value, description, sync_mesh: shared, ...(!variable && { name }) },
  };
  return (
    <ChangeDialog
      title={variable ? `Change ${variable.variable}` : 'Add a variable'}
      submit={variable ? 'Save variable' : 'Add variable'}
      wanted={wanted}
      isReady={value.trim() !== '' && (variable !== null || name.trim() !== '')}
      fields={['name', 'value', 'description']}
      onClose={onClose}
    >
      {(error) => (
        <>
          {!variable && (
            <TextInput
              label="Name"
              description="Letters, digits and underscores; a rule writes custom_ before it"
              placeholder="office"
              data-autofocus
              spellCheck={false}
              autoComplete="off"
              value={name}
              error={messageAt(error, 'name')}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          )}
          <TextInput
            label="Value"
            description="An address, a network, a port, or several with commas"
            placeholder="10.0.0.0/8"
            data-autofocus={variable !== null || undefined}
            spellCheck={false}
            autoComplete="off"
            value={value}
            error={messageAt(error, 'value')}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
          <TextInput
            label="Description"
            value={description}
            error={messageAt(error, 'description')}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <Checkbox
            label="Share it with every controller"
            description="It overwrites a variable of the same name there"
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
        </>
      )}
    </ChangeDialog>
  );
}
