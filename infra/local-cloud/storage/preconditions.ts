import { preconditionFailed } from './errors.ts';

/** The versions that preconditions refer to. */
interface Versions {
  generation: string;
  metageneration: string;
}

/**
 * Throws 412 unless `current`, the live object or undefined, meets the preconditions of the query. Generation 0 means
 * that there is no object; every other condition fails if there is none. (Cloud Storage responds with 304 to a read
 * that fails a NotMatch.)
 */
export function checkPreconditions(query: URLSearchParams, current: Versions | undefined): void {
  const generation = current?.generation ?? '0';
  const metageneration = current?.metageneration;
  const holds = {
    ifGenerationMatch: (wanted: string) => wanted === generation,
    ifGenerationNotMatch: (unwanted: string) => current !== undefined && unwanted !== generation,
    ifMetagenerationMatch: (wanted: string) => wanted === metageneration,
    ifMetagenerationNotMatch: (unwanted: string) => current !== undefined && unwanted !== metageneration,
  };
  for (const [name, check] of Object.entries(holds)) {
    const value = query.get(name);
    if (value !== null && !check(value)) throw preconditionFailed();
  }
}
