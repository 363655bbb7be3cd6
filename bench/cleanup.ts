/** Runs `work` to its end and then `cleanUp`, whatever happened: an error, SIGINT or SIGTERM. */
export async function withCleanUp(work: () => Promise<void>, cleanUp: () => Promise<void>): Promise<void> {
  let isCleaned: Promise<void> | null = null;
  const once = () => {
    isCleaned ??= cleanUp();
    return isCleaned;
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void once().finally(() => process.exit(130));
    });
  }
  try {
    await work();
  } finally {
    await once();
  }
}
