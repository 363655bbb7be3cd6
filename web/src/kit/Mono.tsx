import { Fragment, type ReactNode } from 'react';
import styles from './Mono.module.css';

/** Addresses, checksums and whatever else is compared letter by letter. */
export function Mono({ children, title }: { children: ReactNode; title?: string | undefined }) {
  return (
    <span className={styles.mono} title={title}>
      {typeof children === 'string' && children.includes(',') ? breakable(children) : children}
    </span>
  );
}

/** A list without spaces goes on in the next line behind a comma, and not within an address. */
function breakable(list: string): ReactNode {
  return list.split(/(?<=,)/).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other name, and never move
    <Fragment key={index}>
      {part}
      <wbr />
    </Fragment>
  ));
}
