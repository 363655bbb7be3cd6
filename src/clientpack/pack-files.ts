import { createHash } from 'node:crypto';
import { setImmediate as pause } from 'node:timers/promises';
import encodeQR from 'qr';
import { MeshwrightError } from '../errors/catalogue.ts';
import { printable } from '../errors/printable.ts';
import { tarGz, zip } from './archive.ts';
import type { ClientRemote, PackFile, PackKind } from './client-intent.ts';
import type { Pack } from './pack.ts';
import { PACK_FORMATS, type PackFormat } from './pack-formats.ts';
import { packName } from './pack-name.ts';

/** Packs whose digests are made in one go: some 10 ms. */
const SLICE = 20;

export interface PackDigests {
  readonly conf: string;
  readonly tarball: string;
  readonly zip: string;
}

export interface Download {
  readonly name: string;
  readonly bytes: Buffer;
}

export interface PackFilesParts {
  /** The texts of a pack; the same on every controller that has the same records. */
  render(kind: PackKind, pack: Pack, remotes: readonly ClientRemote[]): PackFile[];
  /** The controllers in the order in which this client tries them. */
  remotes(pack: Pack): readonly ClientRemote[];
  /** Changes when the remotes of all packs do. */
  edition(): string;
}

/** Packs as files. Their digests are remembered, because a list shows those of all packs at once. */
export class PackFiles {
  readonly #parts: PackFilesParts;
  readonly #digests = new Map<string, { pack: Pack; edition: string; digests: PackDigests }>();

  #warming = 0;

  constructor(parts: PackFilesParts) {
    this.#parts = parts;
  }

  /** SHA-1 sums of the downloads; null while there is nothing to download. */
  digests(pack: Pack): PackDigests | null {
    const edition = this.#parts.edition();
    const known = this.#digests.get(pack.address);
    if (known && known.edition === edition && isSameText(known.pack, pack)) return known.digests;
    if (!pack.material || this.#parts.remotes(pack).length === 0) return null;
    const files = this.#files('openvpn', pack);
    const name = packName(pack.address);
    const digests = {
      conf: sha1(Buffer.from(textOf(files, '.conf'))),
      tarball: sha1(tarGz(name, files)),
      zip: sha1(zip(name, files)),
    };
    this.#digests.set(pack.address, { pack, edition, digests });
    return digests;
  }

  /** Makes the digests of all packs a few at a time, so that neither a list nor anybody else has to wait for them. */
  async warm(packs: readonly Pack[]): Promise<void> {
    const turn = ++this.#warming;
    for (const [at, pack] of packs.entries()) {
      if (at % SLICE === 0) await pause();
      if (turn !== this.#warming) return;
      this.digests(pack);
    }
  }

  download(pack: Pack, format: PackFormat): Download {
    const name = packName(pack.address);
    switch (format) {
      case 'conf':
      case 'ovpn': {
        const text = textOf(this.#files('openvpn', pack), `.${format}`);
        return { name: `${name}.${format}`, bytes: Buffer.from(text) };
      }
      case 'zip':
        return { name: `${name}.zip`, bytes: zip(name, this.#files('openvpn', pack)) };
      case 'tarball':
        return { name: `${name}.tar.gz`, bytes: tarGz(name, this.#files('openvpn', pack)) };
      case 'wireguard':
        return { name: `${name}.conf`, bytes: Buffer.from(this.wireguardText(pack)) };
      case 'ha':
        return { name: `${name}-ha.tar.gz`, bytes: tarGz(`${name}-ha`, this.#files('ha', pack)) };
    }
  }

  /** The WireGuard form for the camera of a phone: as a picture, and for a terminal. */
  qr(pack: Pack): { svg: string; text: string } {
    const text = this.wireguardText(pack);
    // Low correction keeps the squares large: a screen has no scratches.
    return { svg: encodeQR(text, 'svg', { ecc: 'low' }), text: encodeQR(text, 'ascii', { ecc: 'low' }) };
  }

  wireguardText(pack: Pack): string {
    return textOf(this.#files('wireguard', pack), '.conf');
  }

  #files(kind: PackKind, pack: Pack): PackFile[] {
    if (!pack.material)
      throw new MeshwrightError('PACK_PENDING', { name: packName(pack.address), home: pack.home });
    const remotes = this.#parts.remotes(pack);
    if (remotes.length === 0) throw new MeshwrightError('PACK_NOWHERE');
    return this.#parts.render(kind, pack, remotes);
  }
}

/** Reads the name of a format as clients of the API write it. */
export function parsePackFormat(value: string): PackFormat {
  const format = value === 'tar.gz' ? 'tarball' : value;
  if ((PACK_FORMATS as readonly string[]).includes(format)) return format as PackFormat;
  throw new MeshwrightError('PACK_FORMAT_UNKNOWN', {
    field: 'fileformat',
    value: printable(value),
    known: PACK_FORMATS.join(', '),
  });
}

function isSameText(a: Pack, b: Pack): boolean {
  return (
    a.material === b.material &&
    a.generation === b.generation &&
    a.networks.length === b.networks.length &&
    a.networks.every((network, at) => network === b.networks[at])
  );
}

function textOf(files: readonly PackFile[], ending: string): string {
  const file = files.find(({ name }) => name.endsWith(ending));
  if (!file) throw new Error(`a pack without a ${ending} file`);
  return file.text;
}

function sha1(bytes: Buffer): string {
  return createHash('sha1').update(bytes).digest('hex');
}
