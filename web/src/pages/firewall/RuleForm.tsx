import { Checkbox, MultiSelect, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { messageAt } from '../../api/error.ts';
import { type Change, type Rule, rulePath, useGroups } from '../../api/firewall.ts';
import { ChangeDialog } from '../../firewall/ChangeDialog.tsx';
import { LinesInput } from '../../kit/LinesInput.tsx';
import { movedTo } from './moved-to.ts';

interface RuleFormProps {
  /** Null makes a new one. */
  readonly rule: Rule | null;
  readonly count: number;
  readonly onClose: () => void;
}

export function RuleForm({ rule, count, onClose }: RuleFormProps) {
  const { data: groups = [] } = useGroups();
  const [text, setText] = useState(rule?.rule ?? '');
  const [comment, setComment] = useState(rule?.comment ?? '');
  const [labels, setLabels] = useState<string[]>([...(rule?.groups ?? [])]);
  const [opened] = useState(rule?.position ?? count);
  const [position, setPosition] = useState<number | string>(opened);
  const [disabled, setDisabled] = useState(rule?.disabled ?? false);
  const wanted: Change = {
    method: rule ? 'PUT' : 'POST',
    path: rulePath(rule?.id),
    body: { rule: text, comment, groups: labels, disabled, ...movedTo(position, opened) },
  };
  return (
    <ChangeDialog
      title={rule ? 'Change the rule' : 'Add a rule'}
      submit={rule ? 'Save rule' : 'Add rule'}
      wanted={wanted}
      isReady={text.trim() !== ''}
      fields={['rule', 'comment', 'position']}
      onClose={onClose}
    >
      {(error) => (
        <>
          <LinesInput
            label="Rule"
            description="iptables syntax without -A. Begins with PREROUTING, INPUT, FORWARD, OUTPUT or POSTROUTING."
            placeholder="FORWARD -s 10.0.0.0/8 -p tcp --dport 443 -j ACCEPT"
            data-autofocus
            minRows={2}
            value={text}
            error={messageAt(error, 'rule')}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <TextInput
            label="Comment"
            value={comment}
            error={messageAt(error, 'comment')}
            onChange={(event) => setComment(event.currentTarget.value)}
          />
          {groups.length > 0 && (
            <MultiSelect
              label="Groups"
              data={groups.map(({ name }) => name)}
              value={labels}
              onChange={setLabels}
            />
          )}
          <NumberInput
            label="Position"
            description="In front of the rule that is there now; 0 is the first"
            min={0}
            max={count}
            allowDecimal={false}
            value={position}
            error={messageAt(error, 'position')}
            onChange={setPosition}
          />
          <Checkbox
            label="Keep it, but not in force"
            checked={disabled}
            onChange={(event) => setDisabled(event.currentTarget.checked)}
          />
        </>
      )}
    </ChangeDialog>
  );
}
