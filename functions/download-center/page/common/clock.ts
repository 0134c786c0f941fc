/**
 * A smaller offset counts as none: it may come from the time that an answer takes, and from its date, which is rounded
 * to a second.
 */
const LEAST_OFFSET_MS = 5000;

let offset = 0;

/**
 * Works like `fetch`, and measures from each answer's date how far the person's clock is from the server's. All times
 * that the page shows are the server's.
 */
export const timedFetch: typeof fetch = async (...args) => {
  const response = await fetch(...args);
  const ahead = Date.parse(response.headers.get('date') ?? '') - Date.now();
  if (!Number.isNaN(ahead)) offset = Math.abs(ahead) < LEAST_OFFSET_MS ? 0 : ahead;
  return response;
};

/** Returns the present instant by the server's clock, in milliseconds. */
export const serverNow = () => Date.now() + offset;
