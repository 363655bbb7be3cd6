import { describe, expect, it } from 'vitest';
import { sessionChange } from './bird-watch.ts';

/** Lines as BIRD 2.0.12 echoes them. */
describe('what BIRD says of its sessions', () => {
  it.each([
    ['peer3: State changed to stop', { event: 'bgp', peer: 3, state: 'stop' }],
    ['peer10: State changed to up', { event: 'bgp', peer: 10, state: 'up' }],
    [
      'far_end3.ipv4 > removed [sole] 169.254.195.7/32 0L 6G unicast',
      { event: 'bfd', peer: 3, state: 'Down' },
    ],
    ['far_end10.ipv4 > added [best] 169.254.195.7/32 0L 6G unicast', { event: 'bfd', peer: 10, state: 'Up' }],
  ])('is understood: %s', (line, change) => expect(sessionChange(line)).toEqual(change));

  it.each([
    'far_end3: State changed to up',
    'ha_100_127_255_193: State changed to start',
    'links: Session to 169.254.195.7 changed state from Up to Down',
    'Reconfigured',
  ])('is nothing to us: %s', (line) => expect(sessionChange(line)).toBeNull());
});
