import { type Static, Type } from 'typebox';

/** `2026-01-31T12:00:00Z`: always UTC, so that two controllers in two zones agree on the day of expiry. */
const Instant = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$' });
const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });

export const LICENSE_FORMAT = 1;

/** What a licence says. It describes the capacity of a topology; it is no copy protection. */
export const LicensePayload = Type.Object(
  {
    format: Type.Literal(LICENSE_FORMAT),
    uuid: Uuid,
    /** Shown to people, on one line of the text: hence no control characters. */
    issuedTo: Type.String({ pattern: '^[^\\u0000-\\u001f\\u007f]{1,200}$' }),
    controllers: Type.Integer({ minimum: 1, maximum: 10 }),
    clients: Type.Integer({ minimum: 0, maximum: 8192 }),
    ipsecEndpoints: Type.Integer({ minimum: 0, maximum: 65535 }),
    ipsecSubnets: Type.Integer({ minimum: 0, maximum: 65535 }),
    links: Type.Integer({ minimum: 0, maximum: 65535 }),
    overlaySubnet: Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}$' }),
    capabilities: Type.Array(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }), { maxItems: 64 }),
    customAddressing: Type.Boolean(),
    issuedAt: Instant,
    expiresAt: Type.Union([Instant, Type.Null()]),
    /** Fingerprint of the public key of the authority that signed. */
    authority: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    /** The licence that this one is an upgrade of; null when it may replace any smaller one. */
    upgrades: Type.Union([Uuid, Type.Null()]),
  },
  { additionalProperties: false },
);
export type LicensePayload = Static<typeof LicensePayload>;
