import { EventParser } from './event-parser.ts';
import { ProblemError, problemOf } from './problem-error.ts';
import type { DownloadPage, DownloadRecord } from './types.ts';

/**
 * `snapshot` is the first page as it is now, at the beginning and after every interruption; `record` is one that has changed or appeared; `waiting` says that the connection is broken
 * and tried again after so many milliseconds; `limited` that the person may have no further watch now: `page` is the first page as it is, with every attempt, unless that is refused
 * as well.
 */
export type WatchEvent =
  | { event: 'snapshot'; page: DownloadPage }
  | { event: 'record'; record: DownloadRecord }
  | { event: 'waiting'; milliseconds: number }
  | { event: 'limited'; page?: DownloadPage };

const SHORTEST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

/** The server sends a comment every 15 s: a connection that is silent for so long is dead, though nobody has told, as after a laptop's sleep. */
const SILENCE_MS = 45_000;

/** How to try again, for tests: the wait before the nth attempt in a row (from 0), and how long silence may last. */
export interface WatchTiming {
  waitMs: (attempt: number) => number;
  silenceMs: number;
}

export const TIMING: WatchTiming = {
  // Half of it by chance, so that a server that comes back is not asked by everybody at once.
  waitMs: (attempt) => Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** attempt) * (0.5 + Math.random() / 2),
  silenceMs: SILENCE_MS,
};

/**
 * Watches until `signal` fires, over as many connections as it takes. `connect` opens one, `list` reads the first page. Throws the ProblemError of an answer that trying again cannot better: the session's end, a
 * refusal, a faulty request.
 */
export async function* watchAgain(
  connect: (signal: AbortSignal) => Promise<Response>,
  list: (signal: AbortSignal) => Promise<DownloadPage>,
  signal: AbortSignal,
  { waitMs, silenceMs }: WatchTiming,
): AsyncGenerator<WatchEvent> {
  for (let attempt = 0; !signal.aborted; attempt++) {
    let leastWaitMs = 0;
    let limited = false;
    try {
      for await (const event of watchOnce(connect, signal, silenceMs)) {
        attempt = 0;
        yield event;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ProblemError) {
        if (!mayPass(error)) throw error;
        leastWaitMs = (error.retryAfter ?? 0) * 1000;
        limited = error.status === 429;
      }
    }
    if (signal.aborted) return;
    const milliseconds = Math.max(waitMs(attempt), leastWaitMs);
    // What is wrong with the list besides is found out by the next attempt.
    const page = limited ? await list(signal).catch(() => undefined) : undefined;
    yield limited ? { event: 'limited', ...(page ? { page } : {}) } : { event: 'waiting', milliseconds };
    await delay(milliseconds, signal);
  }
}

const mayPass = ({ status }: ProblemError) => status >= 500 || status === 408 || status === 429;

/** One connection, to its end. */
async function* watchOnce(
  connect: (signal: AbortSignal) => Promise<Response>,
  signal: AbortSignal,
  silenceMs: number,
): AsyncGenerator<WatchEvent> {
  const connection = new AbortController();
  const close = () => connection.abort();
  signal.addEventListener('abort', close);
  let silence = setTimeout(close, silenceMs);
  try {
    const response = await connect(connection.signal);
    if (!response.ok) throw await problemOf(response);
    // Not every browser iterates a stream by itself.
    const reader = response.body?.getReader();
    const parser = new EventParser();
    for (let chunk = await reader?.read(); chunk?.value !== undefined; chunk = await reader?.read()) {
      clearTimeout(silence);
      for (const { event, data } of parser.push(chunk.value)) {
        if (event === 'snapshot') yield { event, page: JSON.parse(data) };
        else if (event === 'record') yield { event, record: JSON.parse(data) };
      }
      silence = setTimeout(close, silenceMs);
    }
  } finally {
    clearTimeout(silence);
    signal.removeEventListener('abort', close);
    close();
  }
}

/** Resolves after so long, or when the signal fires. */
function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
  });
}
