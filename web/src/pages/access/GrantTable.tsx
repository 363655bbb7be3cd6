import { Button, Group } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import { useState } from 'react';
import { dateTime } from '../../format/time.ts';
import { Ago } from '../../kit/Ago.tsx';
import { Confirm } from '../../kit/Confirm.tsx';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { FormError } from '../../kit/FormError.tsx';
import { Mono } from '../../kit/Mono.tsx';

export interface Grant {
  readonly id: number;
  readonly name: string;
  readonly secret: string;
  readonly role: string;
  readonly detail: string;
  readonly expired: boolean;
  readonly expires_at: string;
  readonly last_accessed_at?: string;
  readonly last_accessed_ip?: string;
}

interface GrantTableProps {
  readonly caption: string;
  readonly rows: readonly Grant[];
  /** What ending one breaks. */
  readonly breaks: string;
  readonly expire: UseMutationResult<unknown, Error, number>;
  readonly remove: UseMutationResult<unknown, Error, number>;
}

/** Tokens and access URLs look alike: a beginning to know one by, and what happened to it. */
export function GrantTable({ caption, rows, breaks, expire, remove }: GrantTableProps) {
  const [ending, setEnding] = useState<Grant | null>(null);
  const [doomed, setDoomed] = useState<Grant | null>(null);
  return (
    <>
      <FormError error={expire.error ?? remove.error} />
      <DataTable
        caption={caption}
        columns={['Name', 'Begins with', 'Role', 'For', 'Until', 'Last use']}
        withActions
        cardsBelow={900}
      >
        {rows.map((grant) => (
          <tr key={grant.id}>
            <RowHead>{grant.name || `Number ${grant.id}`}</RowHead>
            <Cell label="Begins with">
              <Mono>{grant.secret.slice(0, 6)}</Mono>
            </Cell>
            <Cell label="Role">{grant.role}</Cell>
            <Cell label="For" text>
              {grant.detail || 'programs'}
            </Cell>
            <Cell label="Until">{grant.expired ? 'over' : dateTime(Date.parse(grant.expires_at))}</Cell>
            <Cell label="Last use">
              {grant.last_accessed_at ? (
                <>
                  <Ago at={Date.parse(grant.last_accessed_at)} /> from <Mono>{grant.last_accessed_ip}</Mono>
                </>
              ) : (
                'never'
              )}
            </Cell>
            <Cell>
              <Group gap={6} wrap="nowrap" justify="flex-end">
                {!grant.expired && (
                  <Button size="compact-xs" variant="default" onClick={() => setEnding(grant)}>
                    End
                  </Button>
                )}
                <Button size="compact-xs" variant="subtle" color="red" onClick={() => setDoomed(grant)}>
                  Delete
                </Button>
              </Group>
            </Cell>
          </tr>
        ))}
      </DataTable>
      <Confirm
        opened={ending !== null}
        title="End it?"
        confirm="End it"
        busy={expire.isPending}
        onCancel={() => setEnding(null)}
        onConfirm={() => ending && expire.mutate(ending.id, { onSettled: () => setEnding(null) })}
      >
        {ending?.name || 'It'} is over at once: {breaks} It stays in the list.
      </Confirm>
      <Confirm
        opened={doomed !== null}
        title="Delete it?"
        confirm="Delete"
        busy={remove.isPending}
        onCancel={() => setDoomed(null)}
        onConfirm={() => doomed && remove.mutate(doomed.id, { onSettled: () => setDoomed(null) })}
      >
        {doomed?.name || 'It'} is refused from the next request on, and cannot be had back.
      </Confirm>
    </>
  );
}
