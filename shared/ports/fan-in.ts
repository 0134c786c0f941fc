import type { ShapedKeys, SourceResult } from '../domain/source-result.ts';

export interface FanInState {
  /** Sources done, as counted; equals the number of results. */
  queryDoneCount: number;
  /** By the source's name, as are the others. */
  results: Map<string, SourceResult>;
  /** What a source's query is limited to. */
  keys: Map<string, ShapedKeys>;
  /** A source's last error, unless it is done. */
  errors: Map<string, string>;
}

/** A lease in hand. Whoever loses it to another stops, to spare double work; the fencing, not the lease, keeps files right. */
export interface Lease {
  /** Extends the lease, also one that was lost and nobody took; false: it is another's now. */
  renew(): Promise<boolean>;
  /** Gives the lease back if it is still this one. */
  release(): Promise<void>;
}

/**
 * The hash of a record where each source puts its result and `queryDoneCount` counts the sources done. Kept for a while only: losing
 * it costs a stage run again, never a wrong file. Whatever it throws counts as transient.
 */
export interface FanIn {
  /**
   * Sets a source's result, counts it only if it was not there, and tells how many sources are done now: one atomic step, safe under redelivery. The result of a
   * source with keys names what these were shaped from (`ShapedKeys.from`); if the keys there are others by now, or none, nothing is recorded: undefined.
   */
  recordResult(
    recordId: string,
    source: { table: string; name: string; keysFrom?: string | undefined },
    result: SourceResult,
  ): Promise<{ counted: boolean; queryDoneCount: number } | undefined>;

  /** Notes why a source's latest attempt failed. */
  recordError(recordId: string, source: string, error: string): Promise<void>;

  /** Sets the keys that a source's query is limited to, in place of any before, and takes back a result that was read by those. */
  recordKeys(recordId: string, source: { table: string; name: string }, keys: ShapedKeys): Promise<void>;

  /** All that is kept of a record: nothing at all if its time has passed or Redis lost it. */
  read(recordId: string): Promise<FanInState>;

  /** Somebody is at work on the record: the hash stays for its whole time again. */
  keepAlive(recordId: string): Promise<void>;

  /** Takes the lease of that key, or undefined while another holds it. */
  acquireLease(key: string): Promise<Lease | undefined>;
  isLeased(key: string): Promise<boolean>;
}
