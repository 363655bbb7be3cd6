import { UnstyledButton } from '@mantine/core';
import { type Icon, IconCirclesRelation, IconSeedling } from '@tabler/icons-react';
import styles from './ChooseWay.module.css';
import type { Way } from './progress.ts';

const WAYS: readonly { way: Way; icon: Icon; title: string; text: string; steps: string }[] = [
  {
    way: 'first',
    icon: IconSeedling,
    title: 'First controller of a new topology',
    text: 'Begins with a licence (the free one will do) and makes the keyset that all others fetch.',
    steps: 'Licence · Addressing · Keyset · This instance · Add controllers',
  },
  {
    way: 'join',
    icon: IconCirclesRelation,
    title: 'Join an existing topology',
    text: 'Takes everything from a controller that runs: with a join code in one step, or by source and token.',
    steps: 'Join code · Join',
  },
];

export function ChooseWay({ onChoose }: { onChoose: (way: Way) => void }) {
  return (
    <div className={styles.ways}>
      {WAYS.map(({ way, icon: Glyph, title, text, steps }) => (
        <UnstyledButton key={way} className={styles.way} onClick={() => onChoose(way)}>
          <Glyph size={26} stroke={1.5} aria-hidden="true" />
          <span className={styles.title}>{title}</span>
          <span className={styles.text}>{text}</span>
          <span className={styles.steps}>{steps}</span>
        </UnstyledButton>
      ))}
    </div>
  );
}
