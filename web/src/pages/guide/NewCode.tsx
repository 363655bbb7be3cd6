import { Button, CopyButton, Textarea } from '@mantine/core';
import type { JoinCode } from '../../api/join.ts';
import { dateTime } from '../../format/time.ts';
import styles from './NewCode.module.css';

/** The code itself. It is shown once: the list of open codes has no secrets. */
export function NewCode({ code: { code, id, expires_at } }: { code: JoinCode }) {
  return (
    <div className={styles.code}>
      <Textarea
        label={`Join code for controller ${id}`}
        description={`Enter it in the set-up guide of the new controller, or run there: meshwright join <code>. Good until ${dateTime(expires_at)}; shown only now.`}
        readOnly
        autosize
        minRows={2}
        value={code}
        classNames={{ input: styles.text! }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <CopyButton value={code}>
        {({ copied, copy }) => (
          <Button variant="light" size="xs" mt={8} onClick={copy}>
            {copied ? 'Copied' : 'Copy the code'}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
