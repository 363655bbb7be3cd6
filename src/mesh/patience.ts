/**
 * Waits for work for a limited time. Returns the failure if there was one by then, otherwise null: the work was done,
 * or it goes on without anybody waiting for it.
 */
export async function failureWithin(work: Promise<unknown>, ms: number): Promise<Error | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
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
