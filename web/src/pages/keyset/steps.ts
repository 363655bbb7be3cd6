/** The steps of an attempt, in the order in which they happen. */
const GENERATE = [['generating', 'Generate keys and certificates']] as const;

const FETCH = [
  ['connecting', 'Connect to the source'],
  ['authenticating', 'Prove the security token, both ways'],
  ['transferring', 'Transfer the keyset, encrypted'],
  ['verifying', 'Verify keyset and licence'],
  ['restarting', 'Restart the API'],
] as const;

export interface Step {
  readonly text: string;
  readonly state: 'done' | 'running' | 'waiting';
}

export function stepsAt(step: string | null): Step[] {
  const all: readonly (readonly [string, string])[] = step === 'generating' ? GENERATE : FETCH;
  const at = Math.max(
    0,
    all.findIndex(([name]) => name === step),
  );
  return all.map(([, text], index) => ({
    text,
    state: index < at ? 'done' : index === at ? 'running' : 'waiting',
  }));
}
