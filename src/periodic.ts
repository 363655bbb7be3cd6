/**
 * Does something again and again, every `ms` milliseconds. What one round throws is written down and ends nothing: a disk that is
 * full for a minute must not take the process with it, and the next round tries again.
 */
export function every(ms: number, what: string, task: () => unknown): NodeJS.Timeout {
  const round = async () => {
    try {
      await task();
    } catch (error) {
      console.error(`${what}:`, error);
    }
  };
  return setInterval(() => void round(), ms);
}
