import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRequest } from '../../src/applier/border.ts';
import { command } from '../../src/applier/command.ts';
import { engineCommand, isEngineName } from '../../src/applier/services/service.ts';
import { compile } from '../../src/compile/compile.ts';
import { sampleIntentIpv6 } from '../../src/compile/sample-intent.ts';
import type { DesiredLink, DesiredState } from '../../src/desired/state.ts';
import type { Cidr } from '../../src/net/ipv4.ts';
import { renderBird } from '../../src/render/bird.ts';
import {
  renderClientAddresses,
  renderClientWireguard,
  renderWatchedClients,
} from '../../src/render/clients-wireguard.ts';
import { renderNftables } from '../../src/render/nftables.ts';
import {
  openvpnClientName,
  openvpnHook,
  renderOpenvpn,
  renderOpenvpnClients,
} from '../../src/render/openvpn.ts';
import { renderLinkAddresses, renderWireguard } from '../../src/render/wireguard.ts';
import { readWireguard, wireguardKey } from './engine-readers.ts';
import { attack, hostile, type Path, skeleton, stringPaths, valueAt, withValue } from './hostile-text.ts';

/**
 * What is written for engines: it can be read back to what it was made of, and whatever text somebody gets into the
 * document at the border is either refused there or changes a value, never the structure around it.
 */
const base = (): DesiredState => compile(sampleIntentIpv6());
const rendered = (state: DesiredState) =>
  [
    renderBird(state),
    renderNftables(state),
    ...state.links.flatMap((link) => [renderWireguard(link, state.self.ula), renderLinkAddresses(link)]),
    renderOpenvpn(state, state.clients!),
    renderClientWireguard(state.clients!, state.self.ula),
    openvpnHook(state.self.ula),
    renderClientAddresses(state.clients!),
    renderWatchedClients(state.clients!, state.self.ula),
    ...state.clients!.list.flatMap((client) => [
      openvpnClientName(client),
      renderOpenvpnClients(state, client.networks as Cidr[])(client),
    ]),
  ].join('\n');

const isTaken = (state: unknown): boolean => {
  try {
    parseRequest(JSON.stringify({ seq: 1, op: 'apply', state }));
    return true;
  } catch {
    return false;
  }
};

describe('the border document', () => {
  const paths = stringPaths(base());

  it('has strings to attack', () => expect(paths.length).toBeGreaterThan(20));

  it('lets no text through that changes the structure of what is rendered', { timeout: 60_000 }, () => {
    const expected = skeleton(rendered(base()));
    let taken = 0;
    fc.assert(
      fc.property(fc.constantFrom(...paths), attack, (path, change) => {
        const state = withValue(base(), path, change);
        if (!isTaken(state)) return;
        taken++;
        const value = valueAt(state, path) as string;
        if (path[1] !== 'openvpn') expect(value).toMatch(/^[A-Za-z0-9+/:][A-Za-z0-9+/=.:_-]*$/);
        expect(skeleton(rendered(state))).toBe(expected);
      }),
      { numRuns: 1500 },
    );
    expect(taken).toBeGreaterThan(0);
    // A border that refuses everything would prove nothing.
    for (const good of ['eth1', 'br-lan.7', 'x']) {
      const state = withValue(base(), ['routes', 1, 'interface'], () => good);
      expect(() => parseRequest(JSON.stringify({ seq: 1, op: 'apply', state }))).not.toThrow();
    }
  });

  it('takes no member that it does not know, at any depth', () => {
    const objects = (value: unknown, path: Path = []): Path[] =>
      typeof value === 'object' && value !== null
        ? [
            ...(Array.isArray(value) ? [] : [path]),
            ...Object.entries(value).flatMap(([key, member]) => objects(member, [...path, key])),
          ]
        : [];
    for (const path of objects(base())) {
      const state = structuredClone(base()) as unknown as Record<string, unknown>;
      const target = valueAt(state, path) as Record<string, unknown>;
      target.postUp = 'touch /tmp/x';
      expect(() => parseRequest(JSON.stringify({ seq: 1, op: 'apply', state }))).toThrow(/refused/);
    }
  });
});

describe('WireGuard', () => {
  const endpoint = fc.oneof(
    fc.constant(null),
    fc.ipV4(),
    fc.ipV6().filter((text) => /^[0-9a-f:]+$/i.test(text)),
  );
  const keys = fc.record({
    privateKey: wireguardKey,
    peerPublicKey: wireguardKey,
    presharedKey: wireguardKey,
    endpoint,
    port: fc.integer({ min: 1195, max: 1203 }),
  });

  it('reads back to the link that it was made of', () => {
    fc.assert(
      fc.property(keys, (values) => {
        const link: DesiredLink = { ...base().links[0]!, ...values };
        const address = link.endpoint?.includes(':') ? `[${link.endpoint}]` : link.endpoint;
        expect(readWireguard(renderWireguard(link))).toEqual([
          {
            name: 'Interface',
            values: { PrivateKey: link.privateKey, ListenPort: `${link.port}`, FwMark: '28023' },
          },
          {
            name: 'Peer',
            values: {
              PublicKey: link.peerPublicKey,
              PresharedKey: link.presharedKey,
              AllowedIPs: '0.0.0.0/0',
              ...(address && { Endpoint: `${address}:${link.port}` }),
            },
          },
        ]);
      }),
    );
  });
});

describe('BIRD', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const gateway = fc.option(
    fc.tuple(fc.integer({ min: 1, max: 223 }), octet, octet, octet).map((parts) => parts.join('.')),
  );
  const device = fc.option(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/));
  const cidr = fc.tuple(fc.integer({ min: 1, max: 99 }), octet).map(([a, b]) => `${a}.${b}.0.0/16`);
  const route = fc.record({
    cidr,
    gateway,
    interface: device,
    advertise: fc.boolean(),
    metric: fc.constant(0),
  });

  it('reads back to the routes that it was made of', () => {
    fc.assert(
      fc.property(fc.uniqueArray(route, { selector: (one) => one.cidr, maxLength: 8 }), (routes) => {
        const text = renderBird({ ...base(), routes });
        const block = (name: string) =>
          new RegExp(`protocol static ${name} \\{\\n  ipv4;\\n([^}]*)\\}`).exec(text)![1]!;
        const read = ['announced', 'forwarded', 'unadvertised'].flatMap((name) =>
          [
            ...block(name).matchAll(
              /^ {2}route (\S+) (?:blackhole|via (?:"([^"]+)"|([\d.]+)(?:%'([^']+)')?));$/gm,
            ),
          ].map(([, network, only, next, beside]) => ({
            cidr: network,
            gateway: next ?? null,
            interface: only ?? beside ?? null,
            advertise: name !== 'unadvertised',
            metric: 0,
          })),
        );
        const lines = ['announced', 'forwarded', 'unadvertised'].map(block).join('').trim();
        const wanted = routes.filter((one) => one.advertise || one.gateway || one.interface);
        expect(lines === '' ? 0 : lines.split('\n').length).toBe(wanted.length);
        const sorted = (list: { cidr?: string | undefined }[]) =>
          [...list].sort((a, b) => (a.cidr! < b.cidr! ? -1 : 1));
        expect(sorted(read)).toEqual(sorted(wanted));
      }),
    );
  });
});

describe('programs', () => {
  it('get every argument exactly as it is, and a NUL never arrives', async () => {
    const texts = fc.sample(hostile, 300).map((text) => text.toWellFormed());
    const [clean, broken] = [
      texts.filter((text) => !text.includes('\0')),
      texts.find((text) => text.includes('\0')),
    ];
    const script = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
    const told = await command(process.execPath, ['-e', script, '--', ...clean], { timeoutMs: 20_000 });
    expect(JSON.parse(told)).toEqual(clean);
    await expect(async () => command('true', [broken ?? '\0'])).rejects.toThrow();
  });

  it('are services of a fixed family, whose command a shell reads as words', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          hostile,
          hostile.map((text) => `link@mw${text}`),
          hostile.map((text) => `bird${text}`),
          hostile.map((text) => `${text}openvpn`),
          fc.constantFrom('bird', 'openvpn', 'client-watch', 'link@mw1', 'link@mwclients'),
        ),
        (name) => {
          if (!isEngineName(name)) return;
          expect(name).toMatch(/^(bird|openvpn|client-watch|link@mw([1-9]|10|clients))$/);
          for (const word of engineCommand(name, '/opt/meshwright')) expect(word).toMatch(/^[\w@=.,+/-]+$/);
        },
      ),
    );
    for (const name of ['bird', 'link@mw1', 'link@mw10']) expect(isEngineName(name)).toBe(true);
    for (const name of ['link@mw0', 'link@mw11', 'link@mw1\n', '../bird', 'bird '])
      expect(isEngineName(name)).toBe(false);
  });
});
