import { beforeEach, expect, it } from 'vitest';
import { Database } from '../store/database.ts';
import type { Mesh } from './mesh.ts';
import { Records } from './records.ts';
import { SelfRecord } from './self-record.ts';

const db = new Database(':memory:');
let records: Records;
let address: string | null;
let tell: () => void;
let selfRecord: SelfRecord;

/** A controller process that has just started; the applier has not been heard. */
function restart(): void {
  address = null;
  records = new Records(db);
  const mesh = {
    parts: {
      db,
      instance: '11111111-2222-4333-8444-555555555555',
      peering: { effective: () => ({ self: 1, rows: [] }) },
      names: { controllerName: () => 'one' },
      routes: { intents: () => [] },
    },
    ownAddress: () => address,
    onChange: (listener: () => void) => {
      tell = listener;
      return () => undefined;
    },
  };
  selfRecord = new SelfRecord(mesh as unknown as Mesh, records);
  selfRecord.start();
}
const told = () => {
  const record = records.get('members', '1');
  return [record?.address, record?.clientAddress];
};
function hear(value: string): void {
  address = value;
  tell();
}

beforeEach(restart);

it('says where the machine is as soon as the applier has been heard', () => {
  expect(told()).toEqual([null, null]);
  hear('192.0.2.1');
  expect(told()).toEqual(['192.0.2.1', '192.0.2.1']);
  selfRecord.stop();
});

it('keeps what was said before until the applier is heard again', () => {
  hear('192.0.2.1');
  selfRecord.stop();
  restart();
  expect(told()).toEqual(['192.0.2.1', '192.0.2.1']);
  hear('192.0.2.9');
  expect(told()).toEqual(['192.0.2.9', '192.0.2.9']);
  selfRecord.setClientAddress('vpn.example.net');
  expect(told()).toEqual(['192.0.2.9', 'vpn.example.net']);
  selfRecord.stop();
});
