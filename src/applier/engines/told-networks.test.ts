import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseCidr } from '../../net/ipv4.ts';
import { REMEMBERED_MS, ToldNetworks } from './told-networks.ts';

let directory: string;
let now: number;
const file = () => join(directory, 'told-networks');
const make = () => new ToldNetworks(file(), () => now);
const [office, lab] = ['10.1.0.0/16', '10.2.0.0/16'].map((text) => parseCidr(text)!) as [never, never];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'meshwright-'));
  now = 5;
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('the networks that OpenVPN clients are told', () => {
  it('keep one that was lost for an hour, from when it was seen last', () => {
    const told = make();
    expect(told.update([office, lab])).toBe(true);
    now += 1000;
    told.update([office, lab]);
    expect(told.update([office])).toBe(false);
    now += REMEMBERED_MS;
    expect(told.update([office])).toBe(false);
    expect(told.list).toEqual([office, lab]);
    now += 1;
    expect(told.update([office])).toBe(true);
    expect(told.list).toEqual([office]);
  });

  it('are known at once after a restart, and kept for an hour from then', () => {
    make().update([office, lab]);
    now += 7 * REMEMBERED_MS;
    const told = make();
    expect(told.list).toEqual([office, lab]);
    expect(told.update([])).toBe(false);
    now += REMEMBERED_MS + 1;
    told.update([]);
    expect(make().list).toEqual([]);
  });

  it('are forgotten with the clients', () => {
    const told = make();
    told.update([office]);
    told.forget();
    expect(make().list).toEqual([]);
  });

  it('come from no line of the file that is no network', () => {
    writeFileSync(file(), `${office}\npush "redirect-gateway"\n10.0.0.1/8\n\n`);
    expect(make().list).toEqual([office]);
  });

  it('are told although they cannot be saved', () => {
    const told = new ToldNetworks(join(directory, 'no', 'such', 'folder'));
    expect(told.update([office])).toBe(true);
    expect(told.list).toEqual([office]);
  });
});
