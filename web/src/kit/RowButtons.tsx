import { IconPencil, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { IconButton } from './IconButton.tsx';
import styles from './RowButtons.module.css';

interface RowButtonsProps {
  /** What the row is about. */
  readonly name: string;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
  /** Further buttons, in front of the others. */
  readonly children?: ReactNode;
}

export function RowButtons({ name, onEdit, onDelete, children }: RowButtonsProps) {
  return (
    <div className={styles.buttons}>
      {children}
      <IconButton icon={IconPencil} label={`Edit ${name}`} onClick={onEdit} />
      <IconButton icon={IconTrash} label={`Delete ${name}`} danger onClick={onDelete} />
    </div>
  );
}
