import { readdirSync, readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';

/** What the console costs before anybody sees anything, from the build that a controller serves. Needs no lab. */
const built = new URL('../../dist/web/', import.meta.url);
const assets = new URL('assets/', built);
const names = readdirSync(assets);
const BUDGET = 350_000;

/** A script and everything that it imports at once. */
function closure(script: string, known = new Set<string>()): Set<string> {
  if (known.has(script)) return known;
  known.add(script);
  const text = readFileSync(new URL(script, assets), 'utf8');
  for (const [, imported] of text.matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g)) {
    closure(imported!, known);
  }
  return known;
}

const only = (pattern: RegExp): string => {
  const found = names.filter((name) => pattern.test(name));
  expect(found, String(pattern)).toHaveLength(1);
  return found[0]!;
};

it('is below 350 kB compressed until Runtime Status is complete', () => {
  const page = readFileSync(new URL('index.html', built), 'utf8');
  const entry = /src="\/assets\/([\w.-]+\.js)"/.exec(page)![1]!;
  const scripts = new Set([...closure(entry), ...closure(only(/^RuntimeStatus-.*\.js$/))]);
  // All style sheets and all fonts, although one page needs only some.
  const others = names.filter((name) => /\.(css|woff2)$/.test(name));
  const sizeOf = (name: string) =>
    statSync(new URL(name.endsWith('.woff2') ? name : `${name}.br`, assets)).size;
  const total =
    statSync(new URL('index.html.br', built)).size +
    [...scripts, ...others].reduce((sum, name) => sum + sizeOf(name), 0);
  console.log(`first load: ${Math.round(total / 1000)} kB compressed, ${scripts.size} scripts`);
  // Each is a request: what pages share is one file. All of what is needed has been found and counted.
  for (const part of [/^index-/, /^shared-/, /^RuntimeStatus-/])
    expect([...scripts].filter((name) => part.test(name))).toHaveLength(1);
  expect(scripts.size).toBeLessThanOrEqual(6);
  expect(total).toBeGreaterThan(BUDGET / 2);
  expect(total).toBeLessThan(BUDGET);
});

it('brings map and charts along only when somebody reaches for them', () => {
  const page = readFileSync(new URL('index.html', built), 'utf8');
  const first = closure(/src="\/assets\/([\w.-]+\.js)"/.exec(page)![1]!);
  for (const heavy of [/^TopologyMap-.*\.js$/, /^LinkHistory-.*\.js$/]) {
    expect(first.has(only(heavy))).toBe(false);
  }
});
