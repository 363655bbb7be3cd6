import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { type NativePackDetail, useChangePacks, useGrant, useRemoveTag } from '../../api/clientpacks.ts';
import { messageAt } from '../../api/error.ts';
import { FormError } from '../../kit/FormError.tsx';
import { Section } from '../../kit/Section.tsx';
import styles from './Connect.module.css';

/** What an operator writes to a pack: tags, and the networks that its client may announce. */
export function PackFields({ pack }: { pack: NativePackDetail }) {
  return (
    <Section title="Tags and networks">
      <div className={styles.part}>
        <Tags pack={pack} />
      </div>
      <div className={styles.part}>
        <Networks key={pack.networks.join()} pack={pack} />
      </div>
    </Section>
  );
}

function Tags({ pack }: { pack: NativePackDetail }) {
  const set = useChangePacks();
  const remove = useRemoveTag(pack.name);
  const [key, setKey] = useState('');
  const [value, setValue] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const clear = () => {
      setKey('');
      setValue('');
    };
    set.mutate({ names: [pack.name], tags: { [key.trim()]: value.trim() } }, { onSuccess: clear });
  };
  return (
    <form onSubmit={submit} aria-label="Tags">
      <div className={styles.tags}>
        {Object.entries(pack.tags).map(([tag, text]) => (
          <span key={tag} className={styles.tag}>
            {text === '' ? tag : `${tag}: ${text}`}
            <ActionIcon
              size="xs"
              variant="transparent"
              color="gray"
              aria-label={`Remove the tag ${tag}`}
              onClick={() => remove.mutate(tag)}
            >
              <IconX size={13} />
            </ActionIcon>
          </span>
        ))}
      </div>
      <FormError error={set.error ?? remove.error} fields={['key', 'value']} />
      <div className={styles.row}>
        <TextInput
          label="Tag"
          placeholder="site"
          value={key}
          error={messageAt(set.error, 'key')}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <TextInput
          label="Value"
          placeholder="Berlin"
          value={value}
          error={messageAt(set.error, 'value')}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={key.trim() === ''} loading={set.isPending}>
          Set tag
        </Button>
      </div>
    </form>
  );
}

function Networks({ pack }: { pack: NativePackDetail }) {
  const grant = useGrant(pack.name);
  const [text, setText] = useState(pack.networks.join(', '));
  const networks = text.split(/[\s,]+/).filter(Boolean);
  const isSame = networks.join() === pack.networks.join();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    grant.mutate(networks);
  };
  return (
    <form onSubmit={submit} aria-label="Granted networks">
      <FormError error={grant.error} fields={['networks']} />
      <div className={styles.row}>
        <TextInput
          label="Networks behind this client"
          description="With the HA pack it may announce these to the mesh; without a grant, only its own address."
          placeholder="10.20.0.0/16, 10.30.1.0/24"
          spellCheck={false}
          value={text}
          error={messageAt(grant.error, 'networks')}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={isSame} loading={grant.isPending}>
          Save networks
        </Button>
      </div>
    </form>
  );
}
