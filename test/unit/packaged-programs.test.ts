import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const packaged = (name: string) => fileURLToPath(new URL(`../../packaging/${name}`, import.meta.url));

it.each([
  ['link-engine', 'sh', '-n'],
  ['install.sh', 'sh', '-n'],
  ['install-units', 'sh', '-n'],
  ['verify-units', 'bash', '-n'],
  ['client-watch', 'perl', '-cw'],
])('%s is readable for %s', (name, interpreter, onlyRead) => {
  const { stderr, status } = spawnSync(interpreter, [onlyRead, packaged(name)], { encoding: 'utf8' });
  expect(stderr.replace(/^.* syntax OK\n$/, '')).toBe('');
  expect(status).toBe(0);
});

it('client-watch goes on watching where there is nothing to see', async () => {
  const watch = spawn(packaged('client-watch'), { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let complaints = '';
  watch.stderr.on('data', (text) => (complaints += String(text)));
  const ended = once(watch, 'exit');
  const running = new Promise((resolve) => setTimeout(() => resolve('running'), 1500));
  const state = await Promise.race([ended, running]);
  if (state === 'running') process.kill(-watch.pid!, 'SIGKILL');
  expect(complaints).toBe('');
  expect(state).toBe('running');
});
