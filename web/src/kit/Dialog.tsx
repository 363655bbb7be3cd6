import { Modal } from '@mantine/core';
import { type ReactNode, useLayoutEffect, useState } from 'react';

interface DialogProps {
  readonly title: string;
  readonly size?: 'md' | 'lg';
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Open as long as it is mounted, so a form in it begins anew each time. */
export function Dialog({ title, size = 'md', onClose, children }: DialogProps) {
  const [opener] = useState(() => document.activeElement);
  // The library gives the focus back to a dialog's opener only when the dialog stays mounted.
  useLayoutEffect(
    () => () => {
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    },
    [opener],
  );
  return (
    <Modal opened onClose={onClose} title={title} size={size} closeButtonProps={{ 'aria-label': 'Close' }}>
      {children}
    </Modal>
  );
}
