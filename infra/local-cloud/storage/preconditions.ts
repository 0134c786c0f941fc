import { preconditionFailed } from './errors.ts';

/** The versions that a request may be made conditional on. */
interface Versions {
  generation: string;
  metageneration: string;
}

/**
 * Throws 412 unless `current`, the live object or undefined where there is none, is as the request's query demands.
 * A generation of 0 stands for no object. Every other condition fails where there is no object. (A read that fails a
 * NotMatch gets 304 from Cloud Storage.)
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
