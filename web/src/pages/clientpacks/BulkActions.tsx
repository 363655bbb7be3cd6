import { Button, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import {
  type NativePack,
  type PackChange,
  useChangePacks,
  useRegenerate,
  useReset,
} from '../../api/clientpacks.ts';
import { count } from '../../format/number.ts';
import { Confirm } from '../../kit/Confirm.tsx';
import styles from './Clientpacks.module.css';

interface BulkActionsProps {
  readonly packs: readonly NativePack[];
  readonly onDone: () => void;
  /** On the page of a single one: nothing was selected, and tags have their own form. */
  readonly isOne?: boolean;
}

type Question = 'disable' | 'regenerate' | 'reset';

const QUESTIONS: Readonly<Record<Question, { title: string; confirm: string; text: string }>> = {
  disable: {
    title: 'Disable these clientpacks?',
    confirm: 'Disable',
    text: 'Clients that are connected lose their session, on every controller, and cannot come back until they are enabled.',
  },
  regenerate: {
    title: 'Make new credentials?',
    confirm: 'Regenerate',
    text: 'The files that were handed out stop working at once. Each client needs its new file; its address stays.',
  },
  reset: {
    title: 'End these sessions?',
    confirm: 'Reset',
    text: 'The clients reconnect by themselves within seconds.',
  },
};

/** What can be done to many at once. */
export function BulkActions({ packs, onDone, isOne = false }: BulkActionsProps) {
  const change = useChangePacks();
  const regenerate = useRegenerate(warnOfOldFiles);
  const reset = useReset();
  // The dialog stays mounted and keeps its words: only so it gives the focus back to its opener, and fades out as it was.
  const [question, setQuestion] = useState<Question>('disable');
  const [isAsking, { open, close }] = useDisclosure(false);
  const ask = (what: Question) => {
    setQuestion(what);
    open();
  };
  const names = packs.map(({ name }) => name);
  const onError = (error: Error) => notifications.show({ color: 'red', message: error.message });
  const ended = { onSuccess: onDone, onSettled: close };
  const done = { ...ended, onError };
  const set = (part: Omit<PackChange, 'names'>) => change.mutate({ names, ...part }, done);
  const act = (what: Question) => {
    if (what === 'disable') set({ enabled: false });
    else if (what === 'regenerate') regenerate.mutate(names, ended);
    else reset.mutate(names, done);
  };
  const busy = change.isPending || regenerate.isPending || reset.isPending;
  return (
    <div className={isOne ? styles.one : styles.bulk}>
      {!isOne && <span className={styles.chosen}>{count(packs.length, 'clientpack')} selected</span>}
      <Button size="xs" variant="default" disabled={busy} onClick={() => set({ enabled: true })}>
        Enable
      </Button>
      <Button size="xs" variant="default" disabled={busy} onClick={() => ask('disable')}>
        Disable
      </Button>
      <Button size="xs" variant="default" disabled={busy} onClick={() => set({ checked_out: true })}>
        Check out
      </Button>
      <Button size="xs" variant="default" disabled={busy} onClick={() => set({ checked_out: false })}>
        Take back
      </Button>
      <Button size="xs" variant="default" disabled={busy} onClick={() => ask('reset')}>
        Reset
      </Button>
      <Button size="xs" variant="default" disabled={busy} onClick={() => ask('regenerate')}>
        Regenerate
      </Button>
      {!isOne && <TagField busy={busy} onTag={(tags) => set({ tags })} />}
      <Confirm
        opened={isAsking}
        title={QUESTIONS[question].title}
        confirm={QUESTIONS[question].confirm}
        busy={busy}
        onCancel={close}
        onConfirm={() => act(question)}
      >
        <strong>{count(packs.length, 'clientpack')}.</strong> {QUESTIONS[question].text}
      </Confirm>
    </div>
  );
}

/** Somebody may have the file of a stolen device: this does not go away by itself. */
const warnOfOldFiles = ({ message }: Error) =>
  notifications.show({ color: 'red', title: 'The old files may still work', message, autoClose: false });

/** `site: Berlin`, as tags are shown. */
function TagField({ busy, onTag }: { busy: boolean; onTag: (tags: Record<string, string>) => void }) {
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [key = '', ...value] = text.split(':');
    onTag({ [key.trim()]: value.join(':').trim() });
  };
  return (
    <form onSubmit={submit}>
      <TextInput
        size="xs"
        aria-label="Tag for the selected clientpacks"
        placeholder="tag: value, Enter"
        value={text}
        disabled={busy}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </form>
  );
}
