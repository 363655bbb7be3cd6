import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import { messageAt } from '../../api/error.ts';
import { type Change, importPath } from '../../api/firewall.ts';
import { ChangeDialog } from '../../firewall/ChangeDialog.tsx';
import { LinesInput } from '../../kit/LinesInput.tsx';

export function ImportRules({ onClose }: { onClose: () => void }) {
  const [rules, setRules] = useState('');
  const [disabled, setDisabled] = useState(false);
  const wanted: Change = {
    method: 'PUT',
    path: importPath,
    body: { rules, ...(disabled && { disabled }) },
  };
  return (
    <ChangeDialog
      title="Import rules"
      submit="Add at the end"
      wanted={wanted}
      isReady={rules.trim() !== ''}
      fields={['rules']}
      onClose={onClose}
    >
      {(error) => (
        <>
          <LinesInput
            label="Rules"
            description="One a line, # begins the comment of the rule below it; or JSON as Export gives it"
            data-autofocus
            minRows={8}
            maxRows={18}
            value={rules}
            error={messageAt(error, 'rules')}
            onChange={(event) => setRules(event.currentTarget.value)}
          />
          <Checkbox
            label="Keep them, but not in force"
            checked={disabled}
            onChange={(event) => setDisabled(event.currentTarget.checked)}
          />
        </>
      )}
    </ChangeDialog>
  );
}
