import { Button } from '@mantine/core';
import { useResolve } from '../../api/peering.ts';
import { Mono } from '../../kit/Mono.tsx';
import { isName } from './host-check.ts';
import styles from './NameLookup.module.css';

/** A name can be looked up before it is saved, by the controller, because its DNS is the one that counts. */
export function NameLookup({ host }: { host: string }) {
  const resolve = useResolve();
  if (!isName(host)) return null;
  const name = host.trim();
  const isAnswered = resolve.data !== undefined && resolve.variables === name;
  return (
    <div className={styles.lookup} aria-live="polite">
      {!isAnswered && (
        <Button
          variant="subtle"
          size="compact-xs"
          loading={resolve.isPending}
          onClick={() => resolve.mutate(name)}
        >
          Look up
        </Button>
      )}
      {isAnswered && resolve.data.error === null && (
        <>
          resolves to <Mono>{resolve.data.addresses.join(', ')}</Mono>
        </>
      )}
      {isAnswered && resolve.data.error !== null && (
        <span className={styles.bad}>does not resolve: {resolve.data.error}</span>
      )}
      {resolve.error && <span className={styles.bad}>{resolve.error.message}</span>}
    </div>
  );
}
