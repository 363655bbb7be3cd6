import { Button, Stack } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { dateTime } from '../format/time.ts';
import { Notice } from '../kit/Notice.tsx';
import { Entrance } from './Entrance.tsx';

const FILES = [
  { extension: 'conf', what: 'For Linux (.conf)' },
  { extension: 'ovpn', what: 'For OpenVPN on other systems (.ovpn)' },
  { extension: 'zip', what: 'Everything, as a zip file' },
];

/** All that the visitor of an access URL for one clientpack may see. */
export function ClientpackVisit({ name, until }: { name: string; until: number }) {
  return (
    <Entrance title="Your clientpack" lead={`${name.replaceAll('_', '.')}, until ${dateTime(until)}`}>
      <Stack gap="sm">
        {FILES.map(({ extension, what }) => (
          <Button
            key={extension}
            component="a"
            href={`/api/clientpack/${name}.${extension}`}
            download
            variant="default"
            leftSection={<IconDownload size={16} />}
          >
            {what}
          </Button>
        ))}
        <Notice>Whoever has this file is this client. Keep it to yourself.</Notice>
      </Stack>
    </Entrance>
  );
}
