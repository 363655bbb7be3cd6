import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { generateClients, generateKeyset } from './generate.ts';
import { fingerprint, Keyset } from './keyset.ts';

const addresses = (count: number) =>
  Array.from({ length: count }, (_, i) => `100.127.${252 + (i >> 8)}.${i & 255}`);

describe('generation', () => {
  it('makes 1,000 clients while the API keeps answering', async () => {
    let longest = 0;
    let last = performance.now();
    const heartbeat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const began = performance.now();
    const keyset = await generateKeyset('a token', addresses(1000));
    const took = performance.now() - began;
    clearInterval(heartbeat);
    console.log(`keyset with 1,000 clients: ${Math.round(took)} ms, longest pause ${Math.round(longest)} ms`);
    expect(Value.Check(Keyset, keyset)).toBe(true);
    expect(new Set(keyset.clients.map((c) => c.wireguard.publicKey)).size).toBe(1000);
    expect(JSON.stringify(keyset)).not.toContain('a token');
    // Generous: other test files share the machine.
    expect(took).toBeLessThan(10_000);
    expect(longest).toBeLessThan(500);
  }, 30_000);

  it('adds clients without changing the fingerprint', async () => {
    const keyset = await generateKeyset('a token', addresses(2));
    const more = await generateClients(keyset, ['10.0.0.9']);
    const extended = { ...keyset, clients: [...keyset.clients, ...more] };
    expect(more.map((client) => client.address)).toEqual(['10.0.0.9']);
    expect(Value.Check(Keyset, extended)).toBe(true);
    expect(fingerprint(extended)).toBe(fingerprint(keyset));
    expect(fingerprint(keyset)).toMatch(/^[0-9a-f]{40}$/);
    const other = { ...keyset, masterSecret: Buffer.alloc(32).toString('base64') };
    expect(fingerprint(other)).not.toBe(fingerprint(keyset));
  });
});
