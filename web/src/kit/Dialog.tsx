import { Modal } from '@mantine/core';
import { type ReactNode, useLayoutEffect, useState } from 'react';

interface DialogProps {
  readonly title: string;
  readonly size?: 'md' | 'lg';
  /** It shows what is shown once, or will: neither Escape nor a click beside it takes that away. */
  readonly isHeld?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Open as long as it is mounted, so a form in it begins anew each time. */
export function Dialog({ title, size = 'md', isHeld = false, onClose, children }: DialogProps) {
  const [opener] = useState(() => document.activeElement);
  // The library gives the focus back to a dialog's opener only when the dialog stays mounted.
  useLayoutEffect(
    () => () => {
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    },
    [opener],
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={size}
      closeOnEscape={!isHeld}
      closeOnClickOutside={!isHeld}
      withCloseButton={!isHeld}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {children}
    </Modal>
  );
}
