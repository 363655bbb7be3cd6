import { useState } from 'react';
import { useChange, type Variable, variablePath } from '../../api/firewall.ts';
import { ConfirmDelete } from '../../firewall/ConfirmDelete.tsx';
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
  const change = useChange();
  const [doomed, setDoomed] = useState<Variable | null>(null);
  return (
    <>
      <FormError error={change.error} />
      <DataTable caption="Variables of your own" columns={COLUMNS} withActions>
        {variables.map((variable) => (
          <tr key={variable.variable}>
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
                loss="Every other controller loses the variable and its value; one that uses it keeps it as its own."
                change={change}
              />
            </Cell>
            <Cell>
              <RowButtons
                name={variable.variable}
                onEdit={() => onEdit(variable)}
                onDelete={() => setDoomed(variable)}
              />
            </Cell>
          </tr>
        ))}
      </DataTable>
      <ConfirmDelete
        doomed={
          doomed && {
            name: doomed.variable,
            path: variablePath(doomed.variable),
            consequence: doomed.sync_mesh
              ? 'It goes on every controller; one that uses it keeps it as its own.'
              : 'Its value is gone. A variable that a rule uses is not deleted without asking again.',
          }
        }
        onClose={() => setDoomed(null)}
      />
    </>
  );
}
