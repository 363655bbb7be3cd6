import { Table } from '@mantine/core';
import { useChange, type Variable, variablePath } from '../../api/firewall.ts';
import { confirmOf, useCare } from '../../firewall/care.ts';
import { ShareSwitch } from '../../firewall/ShareSwitch.tsx';
import { UNKNOWN } from '../../format/number.ts';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { FormError } from '../../kit/FormError.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { RowButtons } from '../../kit/RowButtons.tsx';
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
              <ShareSwitch
                name={variable.variable}
                path={variablePath(variable.variable)}
                shared={variable.sync_mesh ?? false}
                change={change}
              />
            </Cell>
            <Cell>
              <RowButtons
                name={variable.variable}
                onEdit={() => onEdit(variable)}
                onDelete={() =>
                  change.mutate({
                    method: 'DELETE',
                    path: variablePath(variable.variable),
                    confirm: confirmOf(care),
                  })
                }
              />
            </Cell>
          </Table.Tr>
        ))}
      </DataTable>
    </>
  );
}
