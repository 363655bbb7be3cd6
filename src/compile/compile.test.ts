import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { checkState } from '../applier/border.ts';
import { DesiredState } from '../desired/state.ts';
import { compile } from './compile.ts';
import { sampleIntent } from './sample-intent.ts';

describe('compile', () => {
  it('gives a document that the border accepts', () => {
    const state = compile(sampleIntent());
    expect([...Value.Errors(DesiredState, state)]).toEqual([]);
    expect(() => checkState(state)).not.toThrow();
  });

  it('is the same for the same intent, whatever the order of peers', () => {
    const intent = sampleIntent();
    expect(compile({ ...intent, peers: [...intent.peers].reverse() })).toEqual(compile(intent));
  });

  it('never makes an interface smaller than 1280 and turns the rest into a route MTU', () => {
    const [, small] = compile(sampleIntent()).links;
    expect(small).toMatchObject({ peer: 3, mtu: 1280, routeMtu: 920 });
  });

  it('makes no link to itself, nor to an id that the addressing does not have', () => {
    const intent = sampleIntent();
    const peers = [
      ...intent.peers,
      { ...intent.peers[0]!, id: 2 },
      { ...intent.peers[0]!, id: 9 },
    ] as typeof intent.peers;
    expect(compile({ ...intent, peers }).links.map((link) => link.peer)).toEqual([1, 3]);
  });
});
