import { Button, Textarea } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useRef } from 'react';
import styles from './LicenceText.module.css';

interface LicenceTextProps {
  readonly value: string;
  readonly error?: string | null;
  readonly onChange: (text: string) => void;
}

/** A licence by paste or by file. */
export function LicenceText({ value, error, onChange }: LicenceTextProps) {
  const file = useRef<HTMLInputElement>(null);
  return (
    <div>
      <Textarea
        label="Licence text"
        placeholder="-----BEGIN MESHWRIGHT LICENSE-----"
        rows={7}
        spellCheck={false}
        classNames={{ input: styles.text! }}
        value={value}
        error={error}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <input
        ref={file}
        type="file"
        className={styles.file}
        aria-label="Licence file"
        tabIndex={-1}
        onChange={(event) => void event.currentTarget.files?.[0]?.text().then(onChange)}
      />
      <Button
        variant="subtle"
        size="compact-sm"
        mt={6}
        leftSection={<IconFileUpload size={16} />}
        onClick={() => file.current?.click()}
      >
        Read it from a file
      </Button>
    </div>
  );
}
