/** The state of an allowance after one unit was taken from it. */
export interface Allowance {
  allowed: boolean;
  /** Units per window. */
  limit: number;
  windowSeconds: number;
  remaining: number;
  /** Seconds until the full allowance is available again. */
  resetSeconds: number;
}

export interface RateLimiter {
  /**
   * Takes one unit from the allowance of `key`. Never fails: if the shared counter is unreachable, each instance counts
   * on its own.
   */
  take(key: string): Promise<Allowance>;
}
