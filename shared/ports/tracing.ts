/** The destination of spans. shared/tracing starts spans whether or not they are collected. */
export interface Tracing {
  /** Resolves once spans that start from then on are kept. Never rejects. */
  ready(): Promise<void>;
  /**
   * Sends the spans that have ended. Resolves when they are delivered, or after `patienceMs` milliseconds. Never
   * rejects: an export does not fail because its trace does.
   */
  flush(patienceMs: number): Promise<void>;
}
