import { IconArrowsExchange } from '@tabler/icons-react';
import { useRules } from '../../api/firewall.ts';
import { CareSwitch } from '../../firewall/CareSwitch.tsx';
import { PendingChange } from '../../firewall/PendingChange.tsx';
import { Troubles } from '../../firewall/Troubles.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { Page } from '../../kit/Page.tsx';
import { Section } from '../../kit/Section.tsx';
import styles from './Nat.module.css';
import { NatRules } from './NatRules.tsx';
import { RecipeForm } from './RecipeForm.tsx';
import { RECIPES } from './recipes.ts';

const NAT = /-j (MASQUERADE|SNAT|DNAT|REDIRECT|NETMAP|TCPMSS)\b/;

export function Nat() {
  const { data: rules } = useRules();
  const translating = rules?.filter(({ rule }) => NAT.test(rule)) ?? [];
  return (
    <Page
      title="Address translation"
      lead="The common cases as forms. They write ordinary rules, which the firewall page shows and orders."
      actions={<CareSwitch />}
    >
      <PendingChange />
      <Troubles />
      <Section title="Translations of now" flush>
        {translating.length === 0 ? (
          <Empty icon={IconArrowsExchange} title="Nothing is translated">
            Traffic keeps the addresses it has.
          </Empty>
        ) : (
          <NatRules rules={translating} />
        )}
      </Section>
      <div className={styles.recipes}>
        {RECIPES.map((recipe) => (
          <RecipeForm key={recipe.id} recipe={recipe} />
        ))}
      </div>
    </Page>
  );
}
