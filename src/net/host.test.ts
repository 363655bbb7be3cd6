import { describe, expect, it } from 'vitest';
import { parseHost } from './host.ts';

describe('a host', () => {
  it.each([
    ['192.0.2.7', 'ipv4'],
    [' 192.0.2.7 ', 'ipv4'],
    ['2001:db8::1', 'ipv6'],
    ['controller-2.example.net', 'name'],
    ['controller-2.example.net.', 'name'],
    ['c2', 'name'],
    ['3com.example', 'name'],
  ])('%j is %s', (text, kind) => expect(parseHost(text).kind).toBe(kind));

  it.each([
    '',
    '0.0.0.0',
    '127.0.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '10.0.0.300',
    '10.0.0',
    '010.0.0.1',
    '::',
    '::1',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    '::ffff:10.0.0.1',
    '10.0.0.1:8000',
    'a..b',
    '-a.example',
    'a_b.example',
    'host.10',
    'a b',
    'a\nb',
    `${'a'.repeat(64)}.example`,
    `${'abcdefgh.'.repeat(30)}example`,
    'host;reboot',
  ])('%j is none, and the reason is given', (text) => {
    const host = parseHost(text);
    expect(host.kind).toBe('invalid');
    expect(host.why).toBeTruthy();
  });
});
