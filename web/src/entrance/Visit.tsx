import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useVisit } from '../api/session.ts';
import { FormError } from '../kit/FormError.tsx';
import { Entrance } from './Entrance.tsx';

/** Lets the visitor of an access URL in. Asked once: a URL may be good for one visit only. */
export function Visit({ access, onDone }: { access: string; onDone: () => void }) {
  const { mutate, error } = useVisit();
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    mutate(access, { onSuccess: onDone });
  }, [access, mutate, onDone]);
  return (
    <Entrance title="Access URL" lead={error ? undefined : 'Letting you in …'}>
      <FormError error={error} />
      {error && (
        <Button variant="default" mt="sm" onClick={onDone}>
          Log in with a password instead
        </Button>
      )}
    </Entrance>
  );
}
