import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './DataTable.module.css';

interface DataTableProps {
  /** Read out instead of a visible title. */
  readonly caption: string;
  readonly columns: readonly string[];
  readonly children: ReactNode;
}

/** A dense table that becomes a list of cards where there is no room for columns. */
export function DataTable({ caption, columns, children }: DataTableProps) {
  return (
    <div className={styles.frame}>
      <Table className={styles.table} verticalSpacing={0} horizontalSpacing={0}>
        <caption className={styles.caption}>{caption}</caption>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column} scope="col">
                {column}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </div>
  );
}

interface CellProps {
  /** The column's name, for the cards. */
  readonly label?: string;
  readonly figure?: boolean;
  readonly span?: number;
  readonly children: ReactNode;
}

export function Cell({ label, figure = false, span, children }: CellProps) {
  return (
    <Table.Td data-label={label} data-figure={figure || undefined} data-span={span && true} colSpan={span}>
      {children}
    </Table.Td>
  );
}

/** What names the row. */
export function RowHead({ children }: { children: ReactNode }) {
  return (
    <Table.Th scope="row" className={styles.rowHead}>
      {children}
    </Table.Th>
  );
}
