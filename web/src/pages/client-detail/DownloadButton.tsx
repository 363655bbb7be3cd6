import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { packFile } from '../../api/clientpacks.ts';
import styles from './Connect.module.css';

interface DownloadButtonProps {
  readonly name: string;
  readonly format: 'conf' | 'ovpn' | 'zip' | 'tarball' | 'wireguard' | 'ha';
  readonly label: string;
  readonly quiet?: boolean;
}

export function DownloadButton({ name, format, label, quiet = false }: DownloadButtonProps) {
  return (
    <Button
      className={styles.download}
      component="a"
      href={packFile(name, format)}
      download
      size="xs"
      variant={quiet ? 'default' : 'filled'}
      leftSection={<IconDownload size={15} />}
    >
      {label}
    </Button>
  );
}
