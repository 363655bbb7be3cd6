import { readFile } from 'node:fs/promises';
import { Type } from 'typebox';
import {
  WireAddressing,
  WireLicensePreview,
  wireAddressing,
  wirePreview,
} from '../../license/license-preview.ts';
import { root } from '../../programs.ts';
import type { NativeContext } from '../native-context.ts';
import { LicenseParameters } from './license.ts';
import { Answer, answer, type Resource } from './resource.ts';

const FREE_LICENSE = `${root}/licenses/free.license`;
const permission = 'license:write';

/** What a licence or its parameters would do before they do it, and the licence that comes with the product. */
export const meshLicenseRoutes =
  (native: () => NativeContext): Resource =>
  (api) => {
    api.post(
      '/mesh/license/preview',
      {
        config: { permission, raw: true },
        schema: {
          summary: 'Show what a licence text grants and would change, without storing it',
          response: Answer(WireLicensePreview),
        },
      },
      ({ body }) => {
        const { license } = native();
        const text = Buffer.isBuffer(body) ? body.toString('utf8') : '';
        return answer(wirePreview(license.preview(text), license.localNetworks()));
      },
    );
    api.post(
      '/mesh/license/parameters-preview',
      {
        config: { permission },
        schema: {
          summary: 'Show which addresses licence parameters lead to, without storing them',
          body: LicenseParameters,
          response: Answer(WireAddressing),
        },
      },
      ({ body }) => answer(wireAddressing(native().license.previewParameters(body))),
    );
    api.post(
      '/mesh/license/free',
      {
        config: { permission },
        schema: {
          summary: 'Upload the free licence that ships with the product',
          response: Answer(Type.Object({})),
        },
      },
      async () => answer(native().license.upload(await readFile(FREE_LICENSE, 'utf8')).body),
    );
  };
