/** The error that nothing answered within a time limit. */
export class NoAnswer extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms} ms`);
  }
}

/**
 * Settles as `operation` does, but rejects with NoAnswer after `ms`, and with the caller's reason if the caller aborts
 * first. In both cases the operation's signal is aborted: no caller waits for the operation any more, although it may
 * still take effect; it should then release its resources.
 */
export async function answerWithin<T>(
  ms: number,
  operation: (signal: AbortSignal) => Promise<T>,
  caller?: AbortSignal,
): Promise<T> {
  caller?.throwIfAborted();
  const over = new AbortController();
  const leave = () => over.abort(caller?.reason);
  const timer = setTimeout(() => over.abort(new NoAnswer(ms)), ms);
  const givenUp = new Promise<never>((_, reject) => {
    over.signal.addEventListener('abort', () => reject(over.signal.reason));
  });
  caller?.addEventListener('abort', leave);
  try {
    return await Promise.race([operation(over.signal), givenUp]);
  } finally {
    clearTimeout(timer);
    caller?.removeEventListener('abort', leave);
  }
}
