import fc from 'fast-check';

/** What somebody would try who wants more out of a value than a value: for the tests of all encoders. */
const FRAGMENTS = [
  ...[
    '\n',
    '\r',
    '\r\n',
    '\0',
    '"',
    "'",
    '#',
    ';',
    '-',
    '--',
    '{',
    '}',
    '`',
    '|',
    '&',
    '$(id)',
    '\\',
    ' ',
    '\t',
  ],
  ...['\u2028', '\u2029', '\u0085', '\u200b', '\ufeff', '%0a', '../', '/', ':', '.', ',', '!'],
  ...['1', 'a', '0', '=', '+', '<', '>', '</ca>', '-----END CERTIFICATE-----', '-----BEGIN CERTIFICATE-----'],
  ...['PostUp = touch /tmp/x', 'AllowedIPs = ::/0', 'include "/etc/shadow"', 'flush ruleset', '~ [ 0/0+ ]'],
  ...[
    '%eth0',
    'script-security 2',
    'up "/bin/sh -c id"',
    'push "route 0.0.0.0 0.0.0.0"',
    '[Peer]',
    'ExecStart=',
  ],
  ...[
    '-j',
    '-A INPUT -j ACCEPT',
    'COMMIT',
    '*filter',
    '-exist',
    'flush',
    'constructor',
    '__proto__',
    'toString',
  ],
];

export const hostile: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...FRAGMENTS), { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.string({ unit: 'grapheme', minLength: 1 }),
);

/** What may pass: a border that refuses all that is tried proves nothing about what is behind it. */
const plain = fc.stringMatching(/^[A-Za-z0-9+/=.:_-]{1,2}$/);

/** Puts hostile text in the place of a good value, beside it, into it, or over a part of it. */
export const attack: fc.Arbitrary<(before: string) => string> = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: hostile }, { weight: 1, arbitrary: plain }),
    fc.constantFrom('instead', 'after', 'before', 'inside', 'over'),
    fc.nat(),
  )
  .map(([text, place, at]) => (before) => {
    if (place === 'instead') return text;
    if (place === 'after') return before + text;
    if (place === 'before') return text + before;
    const middle = at % (before.length + 1);
    return before.slice(0, middle) + text + before.slice(place === 'over' ? middle + text.length : middle);
  });

/** The text with every word replaced: what is left is line breaks, blanks, quotes, braces and separators. */
export const skeleton = (text: string): string => text.replaceAll(/[A-Za-z0-9+/=.:_%-]+/g, 'w');

export type Path = readonly (string | number)[];

/** Where strings stand in a value. */
export function stringPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => stringPaths(member, [...path, key]));
}

export const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], value);

/** A copy in which the string at the path is another one. */
export function withValue<T>(value: T, path: Path, change: (before: string) => string): T {
  const copy = structuredClone(value);
  const parent = valueAt(copy, path.slice(0, -1)) as Record<string, unknown>;
  parent[path.at(-1)!] = change(parent[path.at(-1)!] as string);
  return copy;
}
