import { Badge } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconGripVertical } from '@tabler/icons-react';
import type { DragEvent } from 'react';
import type { Counter, Rule } from '../../api/firewall.ts';
import { UNKNOWN } from '../../format/number.ts';
import { BusySwitch } from '../../kit/BusySwitch.tsx';
import { Cell, RowHead } from '../../kit/DataTable.tsx';
import { IconButton } from '../../kit/IconButton.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { RowButtons } from '../../kit/RowButtons.tsx';
import styles from './RuleList.module.css';

interface RuleRowProps {
  readonly rule: Rule;
  readonly counter: Counter | undefined;
  readonly isLast: boolean;
  readonly isOver: boolean;
  readonly busy: boolean;
  readonly dragging: {
    readonly onDragStart: (event: DragEvent) => void;
    readonly onDragEnd: () => void;
    readonly onDragOver: (event: DragEvent) => void;
    readonly onDrop: (event: DragEvent) => void;
  };
  readonly onMove: (position: number) => void;
  readonly onToggle: (disabled: boolean) => void;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
}

export function RuleRow(props: RuleRowProps) {
  const { rule, counter, isLast, isOver, busy, dragging, onMove, onToggle } = props;
  const { onDragStart, onDragEnd, ...target } = dragging;
  const classes = [rule.disabled && styles.off, isOver && styles.over].filter(Boolean).join(' ');
  const name = `rule ${rule.position}`;
  const isChanged = !rule.disabled && !rule.errors && rule.rule_resolved !== rule.rule;
  return (
    <tr className={classes} {...target}>
      <RowHead>
        <div className={styles.rule}>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrows do the same for keyboards */}
          <span
            className={styles.grip}
            draggable={!busy}
            title="Drag to another place"
            onDragStart={onDragStart}
            onDragEnd={onDragEnd}
          >
            <IconGripVertical size={16} stroke={1.7} aria-hidden="true" />
          </span>
          <span className={styles.position}>{rule.position}</span>
          <div className={styles.text}>
            <Mono>{rule.rule}</Mono>
            {isChanged && (
              <div className={styles.resolved}>
                is now <Mono>{rule.rule_resolved}</Mono>
              </div>
            )}
            {!rule.disabled &&
              rule.errors?.map((error) => (
                <div key={error} className={styles.error}>
                  Not in force: {error}
                </div>
              ))}
          </div>
        </div>
      </RowHead>
      <Cell label="Comment" text>
        {rule.comment || (rule.groups.length === 0 && UNKNOWN)}
        {rule.groups.length > 0 && (
          <div className={styles.groups}>
            {rule.groups.map((group) => (
              <Badge key={group} size="sm" variant="light" tt="none">
                {group}
              </Badge>
            ))}
          </div>
        )}
      </Cell>
      <Cell label="Packets">{counter ? counter.packets.toLocaleString('en') : UNKNOWN}</Cell>
      <Cell label="In force">
        <BusySwitch
          size="xs"
          aria-label={`Put ${name} in force`}
          checked={!rule.disabled}
          busy={busy}
          onSwitch={(on) => onToggle(!on)}
        />
      </Cell>
      <Cell>
        <RowButtons name={name} onEdit={props.onEdit} onDelete={props.onDelete}>
          <IconButton
            icon={IconArrowUp}
            label={`Move ${name} up`}
            disabled={busy || rule.position === 0}
            onClick={() => onMove(rule.position - 1)}
          />
          <IconButton
            icon={IconArrowDown}
            label={`Move ${name} down`}
            disabled={busy || isLast}
            onClick={() => onMove(rule.position + 1)}
          />
        </RowButtons>
      </Cell>
    </tr>
  );
}
