import { expect, it } from 'vitest';
import { LookUp } from './look-up.ts';

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

it('answers with addresses, each once', async () => {
  const lookUp = new LookUp(async () => [
    { address: '192.0.2.1' },
    { address: '192.0.2.1' },
    { address: '2001:db8::1' },
  ]);
  expect(await lookUp.resolve(' peer.example ')).toMatchObject({
    addresses: ['192.0.2.1', '2001:db8::1'],
    error: null,
  });
});

it('needs no look-up for an address and refuses what is no host', async () => {
  const lookUp = new LookUp(failing('must not be asked'));
  expect(await lookUp.resolve('192.0.2.1')).toEqual({ addresses: ['192.0.2.1'], error: null, took_ms: 0 });
  await expect(lookUp.resolve('a b')).rejects.toMatchObject({ code: 'ARGUMENT_INVALID', field: 'host' });
});

it('says in words why there is none', async () => {
  expect(await new LookUp(failing('ENOTFOUND')).resolve('x.example')).toMatchObject({
    addresses: [],
    error: 'There is no such name',
  });
});

it('gives up in time, and asks the next one only when the last one is done', async () => {
  const asked: string[] = [];
  const open: (() => void)[] = [];
  const lookUp = new LookUp((name) => {
    asked.push(name);
    return new Promise((resolve) => open.push(() => resolve([{ address: '192.0.2.1' }])));
  }, 50);
  const [first, second] = await Promise.all([lookUp.resolve('a.example'), lookUp.resolve('b.example')]);
  expect([first.error, second.error]).toEqual(Array(2).fill('The DNS server did not answer in time'));
  expect(first.took_ms).toBeGreaterThanOrEqual(49);
  expect(asked).toEqual(['a.example']);
  open[0]!();
  await new Promise(setImmediate);
  expect(asked).toEqual(['a.example', 'b.example']);
  const crowd = await Promise.all(Array.from({ length: 10 }, () => lookUp.resolve('c.example')));
  expect(crowd.at(-1)?.error).toMatch(/^Too many/);
});
