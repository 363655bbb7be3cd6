import { TextInput } from '@mantine/core';
import styles from './AddressingFields.module.css';
import type { CustomAddressing, Field } from './parameters.ts';

const INPUTS: readonly { field: Field; label: string; description: string; placeholder: string }[] = [
  {
    field: 'subnet',
    label: 'Overlay subnet',
    description: 'Must not overlap any network that the mesh reaches',
    placeholder: '172.31.1.0/24',
  },
  {
    field: 'my_manager_vip',
    label: 'Virtual address',
    description: 'Equal on all controllers. Empty: the top address',
    placeholder: '172.31.1.254',
  },
  {
    field: 'managers',
    label: 'Controllers, by id',
    description: 'Separated by spaces. Empty: from the top down',
    placeholder: '172.31.1.253 172.31.1.252',
  },
  {
    field: 'asns',
    label: 'ASNs, by id',
    description: 'Separated by spaces. Empty: 65001 and up',
    placeholder: '65001 65002',
  },
  {
    field: 'clients',
    label: 'Clients',
    description: 'A list, ranges or both. Empty: from the bottom up',
    placeholder: '172.31.1.1-172.31.1.100',
  },
];

interface AddressingFieldsProps {
  readonly value: CustomAddressing;
  readonly errorAt: (field: Field) => string | null;
  readonly onChange: (part: Partial<CustomAddressing>) => void;
}

export function AddressingFields({ value, errorAt, onChange }: AddressingFieldsProps) {
  return (
    <div className={styles.fields}>
      {INPUTS.map(({ field, ...input }) => (
        <TextInput
          key={field}
          {...input}
          spellCheck={false}
          autoComplete="off"
          value={value[field]}
          error={errorAt(field)}
          onChange={(event) => onChange({ [field]: event.currentTarget.value })}
        />
      ))}
    </div>
  );
}
