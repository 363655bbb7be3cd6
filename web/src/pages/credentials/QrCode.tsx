import encodeQR from 'qr';

/** Dark on light in both colour schemes: cameras read nothing else. */
export function QrCode({ text }: { text: string }) {
  const rows = encodeQR(text, 'raw', { border: 2 });
  const size = rows.length;
  const path = rows
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  return (
    <svg viewBox={`0 0 ${size} ${size}`} width={200} height={200} role="img" aria-label="QR code for the app">
      <path d={`M0 0h${size}v${size}H0z`} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
