import { ActionIcon, Switch, Table } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useChange, type Variable, variablePath } from '../../api/firewall.ts';
import { confirmOf, useCare } from '../../firewall/care.ts';
import { UNKNOWN } from '../../format/number.ts';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { FormError } from '../../kit/FormError.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { inRule } from './in-rule.ts';

const COLUMNS = ['In a rule', 'Value', 'Description', 'Shared'];

interface CustomVariablesProps {
  readonly variables: readonly Variable[];
  readonly onEdit: (variable: Variable) => void;
}

export function CustomVariables({ variables, onEdit }: CustomVariablesProps) {
  const [care] = useCare();
  const change = useChange();
  return (
    <>
      <FormError error={change.error} />
      <DataTable caption="Variables of your own" columns={COLUMNS} withActions>
        {variables.map((variable) => (
          <Table.Tr key={variable.variable}>
            <RowHead>
              <Mono>{inRule(variable.variable)}</Mono>
            </RowHead>
            <Cell label="Value" text>
              <Mono>{variable.value}</Mono>
            </Cell>
            <Cell label="Description" text>
              {variable.description || UNKNOWN}
            </Cell>
            <Cell label="Shared">
              <Switch
                size="xs"
                aria-label={`Share ${variable.variable} with every controller`}
                checked={variable.sync_mesh ?? false}
                disabled={change.isPending}
                onChange={(event) =>
                  change.mutate({
                    method: 'PUT',
                    path: variablePath(variable.variable),
                    body: { sync_mesh: event.currentTarget.checked },
                  })
                }
              />
            </Cell>
            <Cell>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={`Edit ${variable.variable}`}
                onClick={() => onEdit(variable)}
              >
                <IconPencil size={16} stroke={1.7} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="red"
                size="sm"
                aria-label={`Delete ${variable.variable}`}
                onClick={() =>
                  change.mutate({
                    method: 'DELETE',
                    path: variablePath(variable.variable),
                    confirm: confirmOf(care),
                  })
                }
              >
                <IconTrash size={16} stroke={1.7} />
              </ActionIcon>
            </Cell>
          </Table.Tr>
        ))}
      </DataTable>
    </>
  );
}
