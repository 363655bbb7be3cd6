import { Button } from '@mantine/core';
import { IconQrcode } from '@tabler/icons-react';
import { useState } from 'react';
import { useQr } from '../../api/clientpacks.ts';
import { FormError } from '../../kit/FormError.tsx';
import styles from './Connect.module.css';

/** Hidden until somebody asks: it is the key itself, and screens are seen by others. */
export function QrCode({ name }: { name: string }) {
  const [isShown, setShown] = useState(false);
  const code = useQr(name, isShown);
  return (
    <>
      <Button
        className={styles.download}
        size="xs"
        loading={isShown && code.isPending}
        leftSection={<IconQrcode size={15} />}
        onClick={() => setShown(!isShown)}
      >
        {isShown ? 'Hide QR code' : 'Show QR code'}
      </Button>
      <FormError error={code.error} />
      {isShown && code.data && (
        <img
          className={styles.qr}
          alt={`QR code of the WireGuard configuration of ${name}`}
          src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(code.data.svg)}`}
        />
      )}
    </>
  );
}
