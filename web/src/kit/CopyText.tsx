import { ActionIcon, CopyButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { shortChecksum } from '../format/number.ts';
import styles from './CopyText.module.css';
import { Mono } from './Mono.tsx';

interface CopyTextProps {
  readonly value: string;
  /** What is copied, for the button's name. */
  readonly what: string;
  /** Shown instead of the whole value. */
  readonly short?: string;
}

/** Enough of a checksum to compare by eye; the whole is copied. */
export function Checksum({ value, what }: { value: string; what: string }) {
  return <CopyText value={value} what={what} short={shortChecksum(value)} />;
}

export function CopyText({ value, what, short }: CopyTextProps) {
  return (
    <span className={styles.copy}>
      <Mono title={short && value}>{short ?? value}</Mono>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            onClick={copy}
            aria-label={copied ? `${what} copied` : `Copy ${what}`}
          >
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          </ActionIcon>
        )}
      </CopyButton>
    </span>
  );
}
