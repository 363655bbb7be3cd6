import { ActionIcon } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';

interface IconButtonProps {
  readonly icon: Icon;
  /** Read out; it says what the button is about, not only what it does. */
  readonly label: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

/** A button in a row of a table, where there is no room for words. */
export function IconButton({
  icon: Glyph,
  label,
  danger = false,
  disabled = false,
  onClick,
}: IconButtonProps) {
  return (
    <ActionIcon
      variant="subtle"
      color={danger ? 'red' : 'gray'}
      size="sm"
      aria-label={label}
      disabled={disabled}
      onClick={onClick}
    >
      <Glyph size={16} stroke={1.7} />
    </ActionIcon>
  );
}
