import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './Confirm.module.css';

interface ConfirmProps {
  readonly opened: boolean;
  readonly title: string;
  /** What it will do, and what it will break. */
  readonly children: ReactNode;
  readonly confirm: string;
  readonly cancel?: string;
  readonly danger?: boolean;
  readonly busy?: boolean;
  /** Stands in front of the button that does it. */
  readonly otherButton?: ReactNode;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

export function Confirm(props: ConfirmProps) {
  const {
    opened,
    title,
    children,
    confirm,
    cancel = 'Cancel',
    danger = true,
    busy = false,
    otherButton,
  } = props;
  return (
    <Modal
      opened={opened}
      onClose={props.onCancel}
      title={title}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={styles.text}>{children}</div>
      <div className={styles.actions}>
        <Button variant="default" onClick={props.onCancel} data-autofocus>
          {cancel}
        </Button>
        {otherButton}
        <Button color={danger ? 'red' : undefined} loading={busy} onClick={props.onConfirm}>
          {confirm}
        </Button>
      </div>
    </Modal>
  );
}
