/**
 * Faults that tests inject into the local cloud, in the same process. Without faults, every method only finds empty
 * lists.
 */

type Matching<T> = (item: T) => boolean;

/** A fault that affects the first `left` matching items. */
interface Limited<T> {
  matching: Matching<T>;
  left: number;
}

const takeMatching = <T, F extends Limited<T>>(faults: F[], item: T): F | undefined => {
  const fault = faults.find(({ matching, left }) => left > 0 && matching(item));
  if (fault) fault.left--;
  return fault;
};

/** Faults of the delivery of push messages and tasks to their endpoints. */
export class DeliveryFaults<T> {
  #drops: Limited<T>[] = [];
  #delays: { matching: Matching<T>; ms: number }[] = [];
  #copies: { matching: Matching<T>; count: number; timing: 'concurrent' | 'afterwards' }[] = [];
  #holds: { matching: Matching<T>; released: Promise<void>; release: () => void }[] = [];

  /**
   * The first `times` matching deliveries never reach the endpoint. Each counts as a failed attempt, at once instead of
   * after the endpoint's deadline, so that only the server's backoff decides when it is retried.
   */
  drop(matching: Matching<T>, times: number): void {
    this.#drops.push({ matching, left: times });
  }

  /** Every matching delivery waits `ms` before it is sent. */
  delay(matching: Matching<T>, ms: number): void {
    this.#delays.push({ matching, ms });
  }

  /**
   * Every matching delivery is sent `copies` more times: concurrently with the original, or after its response. The
   * responses to the copies are ignored.
   */
  duplicate(matching: Matching<T>, copies: number, timing: 'concurrent' | 'afterwards'): void {
    this.#copies.push({ matching, count: copies, timing });
  }

  /** Matching deliveries wait until the returned function is called. */
  hold(matching: Matching<T> = () => true): () => void {
    const { promise: released, resolve } = Promise.withResolvers<void>();
    const release = () => {
      this.#holds = this.#holds.filter((hold) => hold.release !== release);
      resolve();
    };
    this.#holds.push({ matching, released, release });
    return release;
  }

  /** Ends every fault and releases held deliveries. */
  clear(): void {
    this.#drops = [];
    this.#delays = [];
    this.#copies = [];
    for (const { release } of this.#holds) release();
  }

  /** For the server: resolves when no hold applies to the item. */
  async whenReleased(item: T): Promise<void> {
    for (;;) {
      const hold = this.#holds.find(({ matching }) => matching(item));
      if (!hold) return;
      await hold.released;
    }
  }

  /** For the server: the milliseconds to wait before sending. */
  delayOf(item: T): number {
    return this.#delays.reduce((sum, { matching, ms }) => sum + (matching(item) ? ms : 0), 0);
  }

  /** For the server: whether to drop this delivery, which is then counted. */
  takeDrop(item: T): boolean {
    return takeMatching(this.#drops, item) !== undefined;
  }

  /** For the server: the number of copies to send at that time. */
  copiesOf(item: T, timing: 'concurrent' | 'afterwards'): number {
    const asked = this.#copies.filter((copy) => copy.timing === timing && copy.matching(item));
    return asked.reduce((sum, { count }) => sum + count, 0);
  }
}

/** A request to Cloud Storage's JSON API, for matching. `object` is absent if the URL names none. */
export interface StorageRequest {
  method: string;
  bucket?: string;
  object?: string;
  uploadType?: string;
}

/** Faults of requests to Cloud Storage. */
export class StorageFaults {
  #breaks: (Limited<StorageRequest> & { afterBytes: number })[] = [];
  #outages: Limited<StorageRequest>[] = [];

  /**
   * The first `times` matching requests with a body lose their connection when `afterBytes` of the body have arrived.
   */
  breakUpload(matching: Matching<StorageRequest>, afterBytes: number, times = 1): void {
    this.#breaks.push({ matching, left: times, afterBytes });
  }

  /** The first `times` matching requests get a 503. */
  unavailable(matching: Matching<StorageRequest>, times: number): void {
    this.#outages.push({ matching, left: times });
  }

  clear(): void {
    this.#breaks = [];
    this.#outages = [];
  }

  /** For the server: whether to respond with 503, which is then counted. */
  takeOutage(request: StorageRequest): boolean {
    return takeMatching(this.#outages, request) !== undefined;
  }

  /**
   * For the server: the number of bytes of the body after which to close the connection, if it is to be; it is then
   * counted.
   */
  takeBreak(request: StorageRequest): number | undefined {
    return takeMatching(this.#breaks, request)?.afterBytes;
  }
}
