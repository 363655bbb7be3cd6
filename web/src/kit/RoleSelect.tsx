import { Select, type SelectProps } from '@mantine/core';

interface RoleSelectProps extends Omit<SelectProps, 'data' | 'allowDeselect' | 'onChange'> {
  readonly onChange: (role: string) => void;
}

export function RoleSelect({ onChange, ...props }: RoleSelectProps) {
  return (
    <Select
      {...props}
      data={['admin', 'operator', 'viewer']}
      allowDeselect={false}
      onChange={(role) => role !== null && onChange(role)}
    />
  );
}
