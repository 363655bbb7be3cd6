import { Select } from '@mantine/core';
import { type DragEvent, useState } from 'react';
import { type Rule, rulePath, useChange, useCounters, useGroups } from '../../api/firewall.ts';
import { ConfirmDelete } from '../../firewall/ConfirmDelete.tsx';
import { confirmOf, useCare } from '../../firewall/care.ts';
import { DataTable } from '../../kit/DataTable.tsx';
import { FormError } from '../../kit/FormError.tsx';
import styles from './RuleList.module.css';
import { RuleRow } from './RuleRow.tsx';

const COLUMNS = ['Rule', 'Comment', 'Packets', 'In force'];
const EVERY = 'All rules';

interface RuleListProps {
  readonly rules: readonly Rule[];
  readonly onEdit: (rule: Rule) => void;
}

/** The order of rules is changed by dragging one onto another, or step by step with its two arrows. */
export function RuleList({ rules, onEdit }: RuleListProps) {
  const { data: counters } = useCounters();
  const { data: groups = [] } = useGroups();
  const [care] = useCare();
  const change = useChange();
  const [group, setGroup] = useState(EVERY);
  const [doomed, setDoomed] = useState<Rule | null>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const confirm = confirmOf(care);
  const shown = group === EVERY ? rules : rules.filter((rule) => rule.groups.includes(group));
  const move = (id: string, position: number) =>
    change.mutate({ method: 'PUT', path: rulePath(id), body: { position }, confirm });
  const dragging = (rule: Rule) => ({
    onDragStart: (event: DragEvent) => {
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', rule.rule);
      setDragged(rule.id);
    },
    onDragEnd: () => {
      setDragged(null);
      setOver(null);
    },
    onDragOver: (event: DragEvent) => {
      if (dragged === null) return;
      event.preventDefault();
      setOver(rule.id);
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      if (dragged !== null && dragged !== rule.id) move(dragged, rule.position);
      setDragged(null);
      setOver(null);
    },
  });
  return (
    <>
      <div className={styles.head}>
        <FormError error={change.error} />
        {groups.length > 0 && (
          <Select
            className={styles.filter}
            size="xs"
            aria-label="Show the rules of a group"
            data={[EVERY, ...groups.map(({ name }) => name)]}
            value={group}
            allowDeselect={false}
            onChange={(value) => setGroup(value ?? EVERY)}
          />
        )}
      </div>
      <DataTable caption="Firewall rules in their order" columns={COLUMNS} cardsBelow={760} withActions>
        {shown.map((rule) => (
          <RuleRow
            key={rule.id}
            rule={rule}
            counter={counters?.get(rule.id)}
            isLast={rule.position === rules.length - 1}
            isOver={over === rule.id && dragged !== rule.id}
            dragging={dragging(rule)}
            busy={change.isPending}
            onMove={(position) => move(rule.id, position)}
            onToggle={(disabled) =>
              change.mutate({ method: 'PUT', path: rulePath(rule.id), body: { disabled }, confirm })
            }
            onEdit={() => onEdit(rule)}
            onDelete={() => setDoomed(rule)}
          />
        ))}
      </DataTable>
      <ConfirmDelete
        doomed={
          doomed && {
            name: `rule ${doomed.position}`,
            path: rulePath(doomed.id),
            consequence: `${doomed.rule} is out of force at once. To keep it for later, switch it off instead.`,
          }
        }
        onClose={() => setDoomed(null)}
      />
    </>
  );
}
