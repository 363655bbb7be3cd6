import { type Static, Type } from 'typebox';
import { KeyText } from '../keyset/key-text.ts';
import { pem } from '../keyset/pem.ts';

/**
 * The overlay clients' part of the border document. Who is listed may come in; who was disabled, or whose credentials
 * were made anew, is simply not there any more.
 */
const Address = Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,3}){3}$' });
const Prefix = Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}$' });
const strict = { additionalProperties: false } as const;

export const DesiredClient = Type.Object(
  {
    address: Address,
    /** Serial number of the certificate in force, hexadecimal: an older one of the same client is refused. */
    serial: Type.String({ pattern: '^[0-9A-F]{32}$' }),
    wireguardKey: KeyText,
    presharedKey: KeyText,
    /** The client's end of the tunnels of an HA pack; null when another client has that address already. */
    linkAddress: Type.Union([Address, Type.Null()]),
    asn: Type.Integer({ minimum: 1, maximum: 4294967294 }),
    /** Networks behind the client that it may announce. */
    networks: Type.Array(Prefix, { maxItems: 64 }),
  },
  strict,
);
export type DesiredClient = Static<typeof DesiredClient>;

export const DesiredClients = Type.Object(
  {
    /** This controller is being emptied: no new clients, and everybody prefers another way. */
    drained: Type.Boolean(),
    /** How often HA clients and this controller tell each other that they live; three in a row are a failure. */
    bfdIntervalMs: Type.Integer({ minimum: 10, maximum: 1000 }),
    openvpn: Type.Object(
      {
        certificate: pem('CERTIFICATE'),
        privateKey: pem('PRIVATE KEY'),
        clientCa: pem('CERTIFICATE'),
        /** 128 bytes, base64. */
        tlsCryptKey: Type.String({ pattern: '^[A-Za-z0-9+/]{171}=$' }),
      },
      strict,
    ),
    wireguard: Type.Object({ privateKey: KeyText, address: Address }, strict),
    list: Type.Array(DesiredClient, { maxItems: 8192 }),
  },
  strict,
);
export type DesiredClients = Static<typeof DesiredClients>;
