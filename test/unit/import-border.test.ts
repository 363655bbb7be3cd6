import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The architecture as a test: who may import what, with the reason. */
const sources = globSync(['src/**/*.ts', 'web/src/**/*.{ts,tsx}'], {
  cwd: new URL('../..', import.meta.url),
}).filter((path) => !path.includes('.test.'));

function imports(path: string): { target: string; isType: boolean }[] {
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  return [
    ...text.matchAll(
      /^(?:import|export)\s+(type\s)?[^'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]/gm,
    ),
  ].map((match) => ({ target: match[2] ?? match[3]!, isType: match[1] !== undefined }));
}

const inFolder = (path: string, ...folders: string[]) =>
  folders.some((folder) => path.startsWith(`${folder}/`));
const IO = /^node:(fs|net|http|https|tls|dgram|dns|child_process|worker_threads|sqlite|os|timers)/;

describe('import border', () => {
  it('finds the sources', () => expect(sources.length).toBeGreaterThan(50));

  it('keeps topology, compile and render pure: golden files are worth nothing otherwise', () => {
    const broken = sources
      .filter((path) =>
        inFolder(path, 'src/topology', 'src/compile', 'src/render', 'src/desired', 'src/firewall/grammar'),
      )
      .flatMap((path) =>
        imports(path)
          .filter(({ target }) => IO.test(target))
          .map(({ target }) => `${path} -> ${target}`),
      );
    expect(broken).toEqual([]);
  });

  it('lets only the applier, the lab and the command line start programs', () => {
    const broken = sources
      .filter((path) => !inFolder(path, 'src/applier', 'src/lab', 'src/cli'))
      .filter((path) => imports(path).some(({ target }) => target === 'node:child_process'));
    expect(broken).toEqual([]);
  });

  it('keeps the applier free of everything that talks to the network or to operators', () => {
    const allowed =
      /\/(applier|desired|render|firewall\/grammar|net|topology)\/|\/(lines|paths|programs|version)\.ts$|^\.\/|^node:|^typebox/;
    const broken = sources
      .filter((path) => inFolder(path, 'src/applier'))
      .flatMap((path) =>
        imports(path)
          .filter(
            ({ target }) =>
              !allowed.test(target.replace(/^\.\.\/(?!\.\.)/, '/applier/')) && !allowed.test(target),
          )
          .map(({ target }) => `${path} -> ${target}`),
      );
    expect(broken).toEqual([]);
    const listeners = sources
      .filter((path) => inFolder(path, 'src/applier'))
      .filter((path) => imports(path).some(({ target }) => /^node:(http|https|tls|dgram)/.test(target)));
    expect(listeners).toEqual([]);
  });

  it('gives the console types of the API and nothing that runs', () => {
    const broken = sources
      .filter((path) => inFolder(path, 'web'))
      .flatMap((path) =>
        imports(path)
          .filter(
            ({ target, isType }) => /\/src\/(?!.*web)/.test(target) && target.includes('../../') && !isType,
          )
          .map(({ target }) => `${path} -> ${target}`),
      );
    expect(broken).toEqual([]);
  });
});
