import { IconArrowsExchange } from '@tabler/icons-react';
import { ApiError } from '../../api/error.ts';
import { type Rule, useRules } from '../../api/firewall.ts';
import { CareSwitch } from '../../firewall/CareSwitch.tsx';
import { PendingChange } from '../../firewall/PendingChange.tsx';
import { Troubles } from '../../firewall/Troubles.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { Page } from '../../kit/Page.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import styles from './Nat.module.css';
import { NatRules } from './NatRules.tsx';
import { RecipeForm } from './RecipeForm.tsx';
import { RECIPES } from './recipes.ts';

const NAT = /-j (MASQUERADE|SNAT|DNAT|REDIRECT|NETMAP|TCPMSS)\b/;

export function Nat() {
  const { data: rules, error } = useRules();
  return (
    <Page
      title="Address translation"
      lead="The common cases as forms. They write ordinary rules, which the firewall page shows and orders."
      actions={<CareSwitch />}
    >
      <PendingChange />
      <Troubles />
      <Section title="Translations of now" flush>
        {rules ? <Translations rules={rules} /> : <NoRules error={error} />}
      </Section>
      <div className={styles.recipes}>
        {RECIPES.map((recipe) => (
          <RecipeForm key={recipe.id} recipe={recipe} />
        ))}
      </div>
    </Page>
  );
}

function Translations({ rules }: { rules: readonly Rule[] }) {
  const translating = rules.filter(({ rule }) => NAT.test(rule));
  if (translating.length > 0) return <NatRules rules={translating} />;
  return (
    <Empty icon={IconArrowsExchange} title="Nothing is translated">
      Traffic keeps the addresses it has.
    </Empty>
  );
}

function NoRules({ error }: { error: Error | null }) {
  if (!(error instanceof ApiError && error.code === 'NOT_LICENSED')) return <Waiting error={error} />;
  return (
    <Empty icon={IconArrowsExchange} title="There is no licence yet">
      Addresses can be translated once the controller has its licence.
    </Empty>
  );
}
