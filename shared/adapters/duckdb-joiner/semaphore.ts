/** Admits a fixed number of holders at a time; the others wait in order of arrival. */
export class Semaphore {
  #free: number;
  readonly #line = new Set<() => void>();

  constructor(places: number) {
    this.#free = places;
  }

  /**
   * Resolves once a place is free; the holder must release it. Rejects with the signal's reason if the signal fires
   * first.
   */
  async acquire(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const comeIn = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        this.#line.delete(comeIn);
        reject(signal.reason);
      };
      this.#line.add(comeIn);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** Gives the place to the first waiter. */
  release(): void {
    const [first] = this.#line;
    if (!first) {
      this.#free++;
      return;
    }
    this.#line.delete(first);
    first();
  }
}
