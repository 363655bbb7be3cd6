import { Checkbox, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { messageAt } from '../../api/error.ts';
import { useAddRoute } from '../../api/routes.ts';
import { Dialog } from '../../kit/Dialog.tsx';
import { DialogForm } from '../../kit/DialogForm.tsx';

const EMPTY = { cidr: '', description: '', interface: '', gateway: '', metric: 0, advertise: true };
const TEXTS = [
  { field: 'cidr', label: 'Network', placeholder: '10.0.1.0/24', description: undefined },
  { field: 'description', label: 'Description', placeholder: 'Office Berlin', description: undefined },
  {
    field: 'gateway',
    label: 'Gateway (optional)',
    placeholder: '10.0.0.1',
    description: 'Only where the network is behind another router',
  },
  {
    field: 'interface',
    label: 'Interface (optional)',
    placeholder: 'eth1',
    description: 'Of this machine',
  },
] as const;
const FIELDS = [...TEXTS.map(({ field }) => field), 'metric', 'advertise'];

export function AddRoute({ onClose }: { onClose: () => void }) {
  const add = useAddRoute();
  const [form, setForm] = useState(EMPTY);
  const send = () => {
    const given = Object.entries(form).filter(([, value]) => value !== '');
    add.mutate({ cidr: form.cidr, ...Object.fromEntries(given) }, { onSuccess: onClose });
  };
  return (
    <Dialog title="Add a route" onClose={onClose}>
      <DialogForm
        error={add.error}
        fields={FIELDS}
        submit="Add route"
        isReady={form.cidr.trim() !== ''}
        busy={add.isPending}
        onSubmit={send}
      >
        {TEXTS.map(({ field, ...input }) => (
          <TextInput
            key={field}
            {...input}
            data-autofocus={field === 'cidr' || undefined}
            spellCheck={field === 'description'}
            autoComplete="off"
            value={form[field]}
            error={messageAt(add.error, field)}
            onChange={(event) => setForm({ ...form, [field]: event.currentTarget.value })}
          />
        ))}
        <NumberInput
          label="Metric"
          min={0}
          allowDecimal={false}
          value={form.metric}
          error={messageAt(add.error, 'metric')}
          onChange={(metric) => setForm({ ...form, metric: Number(metric) })}
        />
        <Checkbox
          label="Advertise to the mesh"
          description="Other controllers reach the network over this one, at once"
          checked={form.advertise}
          error={messageAt(add.error, 'advertise')}
          onChange={(event) => setForm({ ...form, advertise: event.currentTarget.checked })}
        />
      </DialogForm>
    </Dialog>
  );
}
