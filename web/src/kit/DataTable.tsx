import { Table, VisuallyHidden } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import type { ReactNode } from 'react';
import styles from './DataTable.module.css';

interface DataTableProps {
  /** Read out instead of a visible title. */
  readonly caption: string;
  readonly columns: readonly string[];
  /** The last column holds buttons. */
  readonly withActions?: boolean;
  /** Narrower than this, rows are cards. */
  readonly cardsBelow?: number;
  readonly children: ReactNode;
}

/**
 * A dense table that becomes a list of cards where there is no room for columns. Rows and cells are plain elements: there are
 * hundreds on some pages, and a component for each is what opening such a page would cost.
 */
export function DataTable(props: DataTableProps) {
  const { caption, columns, withActions = false, cardsBelow = 620, children } = props;
  const { ref, width } = useElementSize();
  const isCards = width > 0 && width < cardsBelow;
  return (
    <div className={styles.frame} ref={ref} data-cards={isCards || undefined}>
      <Table className={styles.table} verticalSpacing={0} horizontalSpacing={0}>
        <caption className={styles.caption}>{caption}</caption>
        <Table.Thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
            {withActions && (
              <th scope="col">
                <VisuallyHidden>Actions</VisuallyHidden>
              </th>
            )}
          </tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </div>
  );
}

interface CellProps {
  /** The column's name, for the cards. */
  readonly label?: string;
  /** A sentence may wrap; a figure may not. */
  readonly text?: boolean;
  readonly span?: number;
  readonly children: ReactNode;
}

export function Cell({ label, text = false, span, children }: CellProps) {
  return (
    <td data-label={label} data-text={text || undefined} data-span={span && true} colSpan={span}>
      {children}
    </td>
  );
}

/** What names the row. */
export function RowHead({ children }: { children: ReactNode }) {
  return (
    <th scope="row" className={styles.rowHead}>
      {children}
    </th>
  );
}
