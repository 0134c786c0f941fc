import type { ShapedKeys, SourceResult } from '../domain/source-result.ts';

export interface FanInState {
  /** The number of completed sources, as counted; equals the number of results. */
  queryDoneCount: number;
  /** Keyed by source name, like `keys` and `errors`. */
  results: Map<string, SourceResult>;
  /** The keys that each source's query is restricted to. */
  keys: Map<string, ShapedKeys>;
  /** The last error of each source that is not done. */
  errors: Map<string, string>;
}

/**
 * A held lease. A holder that loses it to another holder stops, to avoid duplicate work. The fencing token, not the
 * lease, keeps files correct.
 */
export interface Lease {
  /**
   * Extends the lease, or takes it again if it has expired and has no new holder. Resolves to false if another holder
   * has it.
   */
  renew(): Promise<boolean>;
  /** Releases the lease if this holder still has it. */
  release(): Promise<void>;
}

/**
 * A hash per record, in which each source stores its result and `queryDoneCount` counts the completed sources. The hash
 * expires; losing it makes a stage run again, but never produces a wrong file. Every error that it throws is treated as
 * transient.
 */
export interface FanIn {
  /**
   * Stores a source's result and counts the source, unless it already has a result. Resolves to whether the source was
   * counted and to the number of completed sources. The operation is atomic and safe under redelivery. For a source
   * with keys, `keysFrom` names what the keys were shaped from (`ShapedKeys.from`). If the stored keys were shaped from
   * something else in the meantime, or there are none, records nothing and resolves to undefined.
   */
  recordResult(
    recordId: string,
    source: { table: string; name: string; keysFrom?: string | undefined },
    result: SourceResult,
  ): Promise<{ counted: boolean; queryDoneCount: number } | undefined>;

  /** Stores why the latest attempt of a source failed. */
  recordError(recordId: string, source: string, error: string): Promise<void>;

  /**
   * Sets the keys that a source's query is restricted to, replacing any previous ones, and removes a result that was
   * read with the previous keys.
   */
  recordKeys(recordId: string, source: { table: string; name: string }, keys: ShapedKeys): Promise<void>;

  /** Reads everything stored for a record: no entries at all if the hash has expired or Redis lost it. */
  read(recordId: string): Promise<FanInState>;

  /** Restarts the hash's full lifetime, because the record is being worked on. */
  keepAlive(recordId: string): Promise<void>;

  /** Acquires the lease of `key`, or resolves to undefined while another holder has it. */
  acquireLease(key: string): Promise<Lease | undefined>;
  /** Resolves to whether any holder has the lease of `key`. */
  isLeased(key: string): Promise<boolean>;
}
