import { OPERATIONS } from '../api/operations.ts';

/** Converts a path of the API, such as `/v1/downloads/{id}:cancel`, to a URLPattern. A colon ends an id. */
export function patternOf(path: string): string {
  return path.replaceAll(':', '\\:').replace(/\{(\w+)\}/g, ':$1([^:\\/]+)');
}

const PATTERNS = Object.values(OPERATIONS).map(({ method, path }) => ({
  method,
  pattern: new URLPattern({ pathname: patternOf(path) }),
}));

/** Returns the methods that the API supports at a URL, whichever function serves them. */
export const methodsAt = (url: string): string[] =>
  PATTERNS.filter(({ pattern }) => pattern.test(url)).map(({ method }) => method);
