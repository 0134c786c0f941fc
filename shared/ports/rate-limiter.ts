/** What is left of an allowance after one more was taken from it. */
export interface Allowance {
  allowed: boolean;
  /** Per window. */
  limit: number;
  windowSeconds: number;
  remaining: number;
  /** Until the allowance is whole again. */
  resetSeconds: number;
}

export interface RateLimiter {
  /** Takes one of what `key` is allowed. Never fails: if the shared count cannot be reached, each instance counts for itself. */
  take(key: string): Promise<Allowance>;
}
