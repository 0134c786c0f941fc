/** Less than this is the time that an answer takes, and the second to which its date is rounded. */
const LEAST_OFFSET_MS = 5000;

let offset = 0;

/** As `fetch`; by each answer's date it learns how far the person's clock is from the server's, which has made all the times that the page shows. */
export const timedFetch: typeof fetch = async (...args) => {
  const response = await fetch(...args);
  const ahead = Date.parse(response.headers.get('date') ?? '') - Date.now();
  if (!Number.isNaN(ahead)) offset = Math.abs(ahead) < LEAST_OFFSET_MS ? 0 : ahead;
  return response;
};

/** The present instant by the server's clock, in milliseconds. */
export const serverNow = () => Date.now() + offset;
