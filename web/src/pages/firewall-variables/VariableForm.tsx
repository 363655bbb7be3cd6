import { Button, Checkbox, Modal, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { messageAt } from '../../api/error.ts';
import { useChange, type Variable, variablePath } from '../../api/firewall.ts';
import { CareSwitch } from '../../firewall/CareSwitch.tsx';
import { confirmOf, useCare } from '../../firewall/care.ts';
import { FormError } from '../../kit/FormError.tsx';

const FIELDS = ['name', 'value', 'description'];

interface VariableFormProps {
  /** Null makes a new one. */
  readonly variable: Variable | null;
  readonly onClose: () => void;
}

export function VariableForm({ variable, onClose }: VariableFormProps) {
  const [care] = useCare();
  const change = useChange();
  const [name, setName] = useState('');
  const [value, setValue] = useState(variable?.value ?? '');
  const [description, setDescription] = useState(variable?.description ?? '');
  const [shared, setShared] = useState(variable?.sync_mesh ?? false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { value, description, sync_mesh: shared, ...(!variable && { name }) };
    change.mutate(
      {
        method: variable ? 'PUT' : 'POST',
        path: variablePath(variable?.variable),
        body,
        confirm: confirmOf(care),
      },
      { onSuccess: onClose },
    );
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={variable ? `Change ${variable.variable}` : 'Add a variable'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          <FormError error={change.error} fields={FIELDS} />
          {!variable && (
            <TextInput
              label="Name"
              description="Letters, digits and underscores; a rule writes custom_ before it"
              placeholder="office"
              data-autofocus
              spellCheck={false}
              autoComplete="off"
              value={name}
              error={messageAt(change.error, 'name')}
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
            error={messageAt(change.error, 'value')}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
          <TextInput
            label="Description"
            value={description}
            error={messageAt(change.error, 'description')}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <Checkbox
            label="Share it with every controller"
            description="It overwrites a variable of the same name there"
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
          <CareSwitch />
          <Button
            type="submit"
            mt={6}
            disabled={value.trim() === '' || (!variable && name.trim() === '')}
            loading={change.isPending}
          >
            {variable ? 'Save variable' : 'Add variable'}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
