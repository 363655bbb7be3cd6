import { afterEach, expect, it } from 'vitest';
import { StandingProgram } from './standing-program.ts';

const programs: StandingProgram[] = [];

afterEach(() => {
  for (const program of programs.splice(0)) program.stop();
});

/** Runs a shell script, and returns it with all that any process of it has said so far. */
function standing(script: string): { program: StandingProgram; said: () => string } {
  let said = '';
  const program = new StandingProgram(
    ['sh', '-c', script],
    (output) => output.on('data', (chunk) => (said += String(chunk))),
    { restartMs: 50 },
  );
  programs.push(program);
  return { program, said: () => said };
}

it('is started again when it ends, and tells from when on it runs', async () => {
  const { program, said } = standing('echo here');
  expect(program.runningSince).toBeNull();
  program.start();
  expect(program.runningSince).not.toBeNull();
  await expect.poll(said).toMatch(/^(here\n){3}/);
});

it('is no second time while it runs, and another one after a restart', async () => {
  const { program, said } = standing('echo here; exec sleep 60');
  program.start();
  program.start();
  await expect.poll(said).toBe('here\n');
  const first = program.runningSince;
  program.restart();
  await expect.poll(said).toBe('here\nhere\n');
  expect(program.runningSince).not.toBe(first);
});

it('stays away once it was stopped, until it is started', async () => {
  const { program, said } = standing('echo here');
  program.start();
  program.stop();
  expect(program.runningSince).toBeNull();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(said().length).toBeLessThanOrEqual('here\n'.length);
  program.start();
  await expect.poll(said).toMatch(/here\nhere\n/);
});

it('does not fall over a program that is not there', async () => {
  const program = new StandingProgram(['/no/such/program'], () => undefined, { restartMs: 50 });
  programs.push(program);
  program.start();
  await expect.poll(() => program.runningSince).toBeNull();
});
