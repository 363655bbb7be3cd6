import { Button, Checkbox, Group, Modal, Stack, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { messageAt } from '../../api/error.ts';
import { type Change, importPath, useChange, useDryRun } from '../../api/firewall.ts';
import { CareSwitch } from '../../firewall/CareSwitch.tsx';
import { confirmOf, useCare } from '../../firewall/care.ts';
import { DryRunReport } from '../../firewall/DryRunReport.tsx';
import { FormError } from '../../kit/FormError.tsx';

interface ImportRulesProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function ImportRules({ opened, onClose }: ImportRulesProps) {
  const [care] = useCare();
  const change = useChange();
  const dryRun = useDryRun();
  const [rules, setRules] = useState('');
  const [disabled, setDisabled] = useState(false);
  const error = change.error ?? dryRun.error;
  const wanted: Change = {
    method: 'PUT',
    path: importPath,
    body: { rules, ...(disabled && { disabled }) },
  };
  const close = () => {
    setRules('');
    change.reset();
    dryRun.reset();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ ...wanted, confirm: confirmOf(care) }, { onSuccess: close });
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      size="lg"
      title="Import rules"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          <FormError error={error} fields={['rules']} />
          <Textarea
            label="Rules"
            description="One a line, # begins the comment of the rule below it; or JSON as Export gives it"
            data-autofocus
            autosize
            minRows={8}
            maxRows={18}
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--mono)' } }}
            value={rules}
            error={messageAt(error, 'rules')}
            onChange={(event) => setRules(event.currentTarget.value)}
          />
          <Checkbox
            label="Keep them, but not in force"
            checked={disabled}
            onChange={(event) => setDisabled(event.currentTarget.checked)}
          />
          <CareSwitch />
          {dryRun.data && <DryRunReport report={dryRun.data} />}
          <Group justify="flex-end" mt={6}>
            <Button
              variant="default"
              disabled={rules.trim() === ''}
              loading={dryRun.isPending}
              onClick={() => dryRun.mutate(wanted)}
            >
              What would it do?
            </Button>
            <Button type="submit" disabled={rules.trim() === ''} loading={change.isPending}>
              Add at the end
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
