/** Lets so many in at once; the others wait in line. */
export class Turnstile {
  #free: number;
  readonly #line = new Set<() => void>();

  constructor(places: number) {
    this.#free = places;
  }

  /** Resolves when it is one's turn; whoever has entered must leave. Rejects with the signal's reason if it fires before. */
  async enter(signal: AbortSignal): Promise<void> {
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

  /** Gives one's place to the first in line. */
  leave(): void {
    const [first] = this.#line;
    if (!first) {
      this.#free++;
      return;
    }
    this.#line.delete(first);
    first();
  }
}
