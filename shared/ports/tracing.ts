/** Where spans go. They are begun by shared/tracing, whether or not anybody collects them. */
export interface Tracing {
  /** Resolves when what is begun will be kept. Never rejects. */
  ready(): Promise<void>;
  /** Sends what has ended, and resolves when it is there, or when `patienceMs` are over. Never rejects: an export does not fail because its trace does. */
  flush(patienceMs: number): Promise<void>;
}
