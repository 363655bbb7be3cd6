import { readFileSync } from 'node:fs';
import { root } from './programs.ts';

const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as {
  version: string;
};

/** Meshwright's own version, from the manifest. */
export const VERSION: string = manifest.version;

export const VERSION_TUPLE = VERSION.split('.').map((part) => Number.parseInt(part, 10)) as [
  number,
  number,
  number,
];

/** What `vns3_version` reports: clients choose their function set by it, and 6.x.y is the range they know. */
export const VNS3_VERSION = `6.6.0-meshwright.${VERSION}`;
