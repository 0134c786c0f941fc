import { OPERATIONS } from '../api/operations.ts';

/** A path of the API, `/v1/downloads/{id}:cancel`, as URLPattern writes it. What a colon begins is no part of an id. */
export function patternOf(path: string): string {
  return path.replaceAll(':', '\\:').replace(/\{(\w+)\}/g, ':$1([^:\\/]+)');
}

const PATTERNS = Object.values(OPERATIONS).map(({ method, path }) => ({
  method,
  pattern: new URLPattern({ pathname: patternOf(path) }),
}));

/** The methods that the API takes at a URL, whichever function serves them. */
export const methodsAt = (url: string): string[] =>
  PATTERNS.filter(({ pattern }) => pattern.test(url)).map(({ method }) => method);
