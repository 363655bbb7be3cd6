/**
 * Waits for work for a limited time. Returns the failure if there was one by then and null when the work was done. When it
 * only takes long it goes on without anybody waiting for it, and `undecided` is returned.
 */
export async function failureWithin(
  work: Promise<unknown>,
  ms: number,
  undecided: Error | null = null,
): Promise<Error | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Error | null>((resolve) => {
    timer = setTimeout(() => resolve(undecided), ms);
  });
  const failure = work.then(
    () => null,
    (error: Error) => error,
  );
  try {
    return await Promise.race([failure, late]);
  } finally {
    clearTimeout(timer);
  }
}
