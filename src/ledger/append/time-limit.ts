/**
 * A server that hangs must not make anybody hang with it.
 * @param work is told by the signal when nobody waits for it any more
 */
export async function withinTime<T>(
  milliseconds: number,
  work: (late: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      late.abort();
      reject(new Error('The ledger did not answer in time.'));
    }, milliseconds);
  });
  try {
    return await Promise.race([work(late.signal), limit]);
  } finally {
    clearTimeout(timer);
  }
}
