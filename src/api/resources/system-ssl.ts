import type { X509Certificate } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { Answer, answer, type Resource } from './resource.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const Certificate = Type.Object({
  subject: Type.String(),
  issuer: Type.String(),
  before: Type.String({ description: 'Not valid before' }),
  after: Type.String({ description: 'Not valid after' }),
  algorithm: Type.String(),
  sha1_fingerprint: Type.String(),
  sha256_fingerprint: Type.String(),
});
const Upload = Type.Object({
  cert: Type.Optional(Type.String({ description: 'PEM; intermediate certificates follow the first one' })),
  key: Type.Optional(Type.String({ description: 'PEM, RSA of 2048 bits or more, or elliptic' })),
});
const Queued = Answer(Type.Object({ status: Type.String(), uuid: Type.String() }));
export const Job = Type.Object({
  uuid: Type.String(),
  status: Type.String(),
  state: Type.Union([Type.Literal('queued'), Type.Literal('done'), Type.Literal('failed')]),
});
export const Standing = Type.Object({
  state: Type.Union([Type.Literal('ok'), Type.Literal('soon'), Type.Literal('over'), Type.Literal('absent')]),
  self_signed: Type.Boolean(),
  names: Type.Array(Type.String()),
  until: Nullable(Type.Integer({ description: 'Unix milliseconds' })),
  days_left: Nullable(Type.Integer()),
  fingerprint: Nullable(Type.String({ description: 'SHA-256' })),
});

export type Standing = Static<typeof Standing>;
export type Job = Static<typeof Job>;

/** The certificate of this API. */
export const systemSslRoutes: Resource = (api, ctx) => {
  const config = { permission: 'certificate:write' } as const;
  const reading = { permission: 'certificate:read' } as const;
  api.get(
    '/system/ssl',
    {
      config: reading,
      schema: {
        summary: 'Show the certificate of the API',
        response: Answer(Type.Object({ certs: Type.Array(Certificate) })),
      },
    },
    () => answer({ certs: ctx.certificate.chain().map(view) }),
  );
  api.put(
    '/system/ssl/keypair',
    {
      config,
      schema: { summary: 'Upload a certificate and its key', body: Upload, response: Answer(Type.String()) },
    },
    ({ body }) => {
      ctx.certificate.upload(body.cert, body.key);
      return answer('Valid key/cert files uploaded');
    },
  );
  api.put(
    '/system/ssl/install',
    { config, schema: { summary: 'Install what was uploaded', response: Queued } },
    () => {
      const { uuid, status } = ctx.certificate.install();
      return answer({ status, uuid });
    },
  );
  api.get(
    '/system/ssl/install/:uuid',
    {
      config: reading,
      schema: {
        summary: 'Show how far an installation is',
        params: Type.Object({ uuid: Type.String() }),
        response: Answer(Job),
      },
    },
    ({ params }) => answer({ ...ctx.certificate.job(params.uuid) }),
  );
  api.get(
    '/mesh/certificate',
    {
      config: reading,
      schema: { summary: 'Show how long the certificate is good for', response: Answer(Standing) },
    },
    () => {
      const { selfSigned, days, ...standing } = ctx.certificate.standing();
      return answer({ ...standing, self_signed: selfSigned, days_left: days });
    },
  );
  api.delete(
    '/mesh/certificate',
    { config, schema: { summary: 'Go back to a self-signed certificate', response: Queued } },
    () => {
      const { uuid, status } = ctx.certificate.reset();
      return answer({ status, uuid });
    },
  );
};

function view(certificate: X509Certificate): Static<typeof Certificate> {
  const line = (text: string | undefined) => (text ?? '').trim().replaceAll('\n', ', ');
  return {
    subject: line(certificate.subject),
    issuer: line(certificate.issuer),
    before: new Date(certificate.validFrom).toISOString(),
    after: new Date(certificate.validTo).toISOString(),
    algorithm: certificate.signatureAlgorithm ?? certificate.publicKey.asymmetricKeyType ?? '',
    sha1_fingerprint: certificate.fingerprint,
    sha256_fingerprint: certificate.fingerprint256,
  };
}
