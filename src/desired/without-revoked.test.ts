import { expect, it } from 'vitest';
import { compile } from '../compile/compile.ts';
import { sampleIntent } from '../compile/sample-intent.ts';
import type { DesiredClient } from './clients.ts';
import type { DesiredState } from './state.ts';
import { withoutRevoked } from './without-revoked.ts';

const state = compile(sampleIntent()) as DesiredState;
const clients = state.clients!;
const withList = (list: readonly DesiredClient[]): DesiredState => ({
  ...state,
  clients: { ...clients, list: [...list] },
});

it('leaves everything as it is while nobody is shut out', () => {
  expect(clients.list.length).toBeGreaterThan(1);
  expect(withoutRevoked(state, { ...state, links: [] })).toBe(state);
  const more = withList([...clients.list, { ...clients.list[0]!, address: '100.127.255.250' }]);
  expect(withoutRevoked(state, more)).toBe(state);
  const granted = withList(clients.list.map((client) => ({ ...client, networks: ['10.9.0.0/16'] })));
  expect(withoutRevoked(state, granted)).toBe(state);
});

it('takes out who was disabled, and who got other credentials, and nothing else', () => {
  const [first, second, ...others] = clients.list as [DesiredClient, DesiredClient];
  expect(withoutRevoked(state, withList([second, ...others]))).toEqual(withList([second, ...others]));
  const renewed = { ...first, serial: 'F'.repeat(32) };
  expect(withoutRevoked(state, { ...withList([renewed, second, ...others]), links: [] })).toEqual(
    withList([second, ...others]),
  );
});

it('takes out everybody when clients are not served any more', () => {
  const { clients: _, ...none } = state;
  expect(withoutRevoked(state, none as DesiredState)).toEqual(withList([]));
});
