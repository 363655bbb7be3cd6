import { Button, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDownload, IconPlus, IconUpload, IconWall } from '@tabler/icons-react';
import { useState } from 'react';
import { ApiError } from '../../api/error.ts';
import { exportUrl, type Rule, useRules } from '../../api/firewall.ts';
import { CareSwitch } from '../../firewall/CareSwitch.tsx';
import { PendingChange } from '../../firewall/PendingChange.tsx';
import { Troubles } from '../../firewall/Troubles.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { Page } from '../../kit/Page.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { Groups } from './Groups.tsx';
import { ImportRules } from './ImportRules.tsx';
import { PacketLog } from './PacketLog.tsx';
import { RuleForm } from './RuleForm.tsx';
import { RuleList } from './RuleList.tsx';
import { RuleTests } from './RuleTests.tsx';
import { Sealing } from './Sealing.tsx';

export function Firewall() {
  const { data: rules, error } = useRules();
  const [edited, setEdited] = useState<Rule | 'new' | null>(null);
  const [importing, importer] = useDisclosure(false);
  const isUnlicensed = error instanceof ApiError && error.code === 'NOT_LICENSED';
  return (
    <Page
      title="Firewall"
      lead="Rules of this controller alone, read from top to bottom; the first that decides counts."
      actions={
        <>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="default" leftSection={<IconDownload size={16} />} disabled={!rules}>
                Export
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item component="a" href={exportUrl('plaintext')} download="firewall-rules.txt">
                As text, one rule a line
              </Menu.Item>
              <Menu.Item component="a" href={exportUrl('json')} download="firewall-rules.json">
                As JSON, with comments and groups
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
          <Button
            variant="default"
            leftSection={<IconUpload size={16} />}
            onClick={importer.open}
            disabled={!rules}
          >
            Import
          </Button>
          <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')} disabled={!rules}>
            Add a rule
          </Button>
        </>
      }
    >
      <PendingChange />
      <Troubles />
      <Section title="Rules" aside={<CareSwitch />} flush>
        {isUnlicensed && (
          <Empty icon={IconWall} title="There is no licence yet">
            Rules can be set once the controller has its licence.
          </Empty>
        )}
        {!rules && !isUnlicensed && <Waiting error={error} />}
        {rules?.length === 0 && (
          <Empty icon={IconWall} title="No rules yet">
            The base policy holds: management, tunnels and known networks pass, everything else does not.
          </Empty>
        )}
        {rules && rules.length > 0 && <RuleList rules={rules} onEdit={setEdited} />}
      </Section>
      {rules && (
        <>
          <Groups rules={rules} />
          <RuleTests />
          <Sealing />
          <PacketLog rules={rules} />
        </>
      )}
      {edited && (
        <RuleForm
          rule={edited === 'new' ? null : edited}
          count={rules?.length ?? 0}
          onClose={() => setEdited(null)}
        />
      )}
      {importing && <ImportRules onClose={importer.close} />}
    </Page>
  );
}
