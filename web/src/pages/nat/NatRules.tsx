import { type Rule, rulePath, useChange, useCounters } from '../../api/firewall.ts';
import { confirmOf, useCare } from '../../firewall/care.ts';
import { UNKNOWN } from '../../format/number.ts';
import { BusySwitch } from '../../kit/BusySwitch.tsx';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { FormError } from '../../kit/FormError.tsx';
import { Mono } from '../../kit/Mono.tsx';

export function NatRules({ rules }: { rules: readonly Rule[] }) {
  const { data: counters } = useCounters();
  const [care] = useCare();
  const change = useChange();
  return (
    <>
      <FormError error={change.error} />
      <DataTable caption="Rules that translate" columns={['Rule', 'Comment', 'Packets', 'In force']}>
        {rules.map((rule) => (
          <tr key={rule.id}>
            <RowHead>
              <Mono>{rule.rule}</Mono>
            </RowHead>
            <Cell label="Comment" text>
              {rule.comment || UNKNOWN}
            </Cell>
            <Cell label="Packets">{counters?.get(rule.id)?.packets.toLocaleString('en') ?? UNKNOWN}</Cell>
            <Cell label="In force">
              <BusySwitch
                size="xs"
                aria-label={`Put rule ${rule.position} in force`}
                checked={!rule.disabled}
                busy={change.isPending}
                onSwitch={(on) =>
                  change.mutate({
                    method: 'PUT',
                    path: rulePath(rule.id),
                    body: { disabled: !on },
                    confirm: confirmOf(care),
                  })
                }
              />
            </Cell>
          </tr>
        ))}
      </DataTable>
    </>
  );
}
