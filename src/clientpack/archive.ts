import { crc32 } from 'node:zlib';
import type { PackFile } from './client-intent.ts';

/**
 * Archives whose bytes depend on their files alone. Times are fixed and nothing is compressed: deflate's output
 * differs between builds of the same library, and two controllers must give out the same bytes.
 */

/** 2020-01-01 00:00:00 UTC, the time of every member. */
const UNIX_TIME = 1_577_836_800;
const DOS_DATE = ((2020 - 1980) << 9) | (1 << 5) | 1;
const BLOCK = 512;

/** A ustar archive in a gzip wrapper. `folder` is the directory that it unpacks to. */
export function tarGz(folder: string, files: readonly PackFile[]): Buffer {
  return gzip(tar(folder, files));
}

export function tar(folder: string, files: readonly PackFile[]): Buffer {
  const parts: Buffer[] = [tarHeader(`${folder}/`, 0o755, 0, '5')];
  for (const { name, mode, text } of files) {
    const bytes = Buffer.from(text);
    parts.push(tarHeader(`${folder}/${name}`, mode, bytes.length, '0'), bytes);
    parts.push(Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK));
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

function tarHeader(name: string, mode: number, size: number, type: '0' | '5'): Buffer {
  if (Buffer.byteLength(name) > 100) throw new RangeError(`${name} is too long for an archive`);
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number) =>
    header.write(`${value.toString(8).padStart(digits, '0')}\0`, at, 'latin1');
  header.write(name, 0);
  octal(mode, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(UNIX_TIME, 136, 11);
  header.write(' '.repeat(8), 148, 'latin1');
  header.write(type, 156, 'latin1');
  header.write('ustar\0' + '00', 257, 'latin1');
  header.write('root', 265, 'latin1');
  header.write('root', 297, 'latin1');
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

/** RFC 1952 around RFC 1951's stored blocks. */
export function gzip(bytes: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])];
  const most = 0xffff;
  for (let at = 0; at === 0 || at < bytes.length; at += most) {
    const piece = bytes.subarray(at, at + most);
    const head = Buffer.alloc(5);
    head[0] = at + most >= bytes.length ? 1 : 0;
    head.writeUInt16LE(piece.length, 1);
    head.writeUInt16LE(~piece.length & 0xffff, 3);
    parts.push(head, piece);
  }
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(crc32(bytes), 0);
  tail.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([...parts, tail]);
}

/** A zip archive made on "Unix", so that permission bits survive. */
export function zip(folder: string, files: readonly PackFile[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, mode, text } of files) {
    const path = Buffer.from(`${folder}/${name}`);
    const bytes = Buffer.from(text);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt16LE(DOS_DATE, 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, path, bytes]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(((0o100000 | mode) << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, rest, path);
    bodies.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(index.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, index, end]);
}
