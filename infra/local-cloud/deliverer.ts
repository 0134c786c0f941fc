import { request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { DeliveryFaults } from './faults.ts';

/** A request to an endpoint. `timeoutMs` covers the connection, the request and the whole response. */
export interface EndpointRequest {
  url: string;
  method: string;
  headers: OutgoingHttpHeaders;
  body: Buffer;
  timeoutMs: number;
}

/** The response's status, or the reason why there is none. */
export type Outcome = number | 'dropped' | 'timeout' | 'unreachable';

/** A request for `item` that was sent, or dropped by a fault. */
export interface Delivery<T> {
  item: T;
  endpoint: string;
  /** Counts from 1. */
  attempt: number;
  /** Whether a fault sent it in addition to the original. */
  copy: boolean;
  outcome: Outcome | 'in flight';
}

const REMEMBERED = 1000;
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Sends the HTTP requests of a push service: applies its faults, logs its deliveries, and owns its timers and
 * connections.
 */
export class Deliverer<T> {
  readonly faults = new DeliveryFaults<T>();
  /** The latest thousand deliveries, oldest first. */
  readonly deliveries: Delivery<T>[] = [];
  #closing = new AbortController();
  #timers = new Set<NodeJS.Timeout>();

  /**
   * Makes one attempt and resolves to its outcome. `prepare` is called for each request, so that a delayed one still
   * carries a fresh token.
   */
  async deliver(item: T, attempt: number, endpoint: string, prepare: () => Promise<EndpointRequest>): Promise<Outcome> {
    await this.faults.whenReleased(item);
    const delay = this.faults.delayOf(item);
    if (delay > 0) await new Promise<void>((resolve) => this.after(delay, resolve));
    const delivery = { item, endpoint, attempt };
    if (this.faults.takeDrop(item)) {
      this.#remember({ ...delivery, copy: false, outcome: 'dropped' });
      return 'dropped';
    }
    const send = async (copy: boolean) => {
      const entry: Delivery<T> = { ...delivery, copy, outcome: 'in flight' };
      this.#remember(entry);
      entry.outcome = await this.#outcomeOf(prepare);
      return entry.outcome;
    };
    for (let copies = this.faults.copiesOf(item, 'concurrent'); copies > 0; copies--) void send(true);
    const outcome = await send(false);
    for (let copies = this.faults.copiesOf(item, 'afterwards'); copies > 0; copies--) void send(true);
    return outcome;
  }

  /** Runs `action` after `ms` milliseconds, which may exceed a timer's limit, unless closed before. */
  after(ms: number, action: () => void): void {
    if (this.#closing.signal.aborted) return;
    const left = ms - LONGEST_TIMER;
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        if (left > 0) this.after(left, action);
        else action();
      },
      Math.min(ms, LONGEST_TIMER),
    );
    this.#timers.add(timer);
  }

  /** Closes the connections and cancels the timers. Nothing is sent or scheduled afterwards. */
  close(): void {
    this.#closing.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.faults.clear();
  }

  #remember(delivery: Delivery<T>): void {
    if (this.deliveries.push(delivery) > REMEMBERED) this.deliveries.shift();
  }

  async #outcomeOf(prepare: () => Promise<EndpointRequest>): Promise<Outcome> {
    const request = await prepare();
    const timeout = AbortSignal.timeout(Math.ceil(request.timeoutMs));
    try {
      return await statusOf(request, AbortSignal.any([timeout, this.#closing.signal]));
    } catch {
      return timeout.aborted ? 'timeout' : 'unreachable';
    }
  }
}

/** Resolves when the whole response has arrived. A 102 counts if no final status follows it. */
function statusOf({ url, method, headers, body }: EndpointRequest, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    let processing = false;
    const fail = (error: Error) => (processing && !signal.aborted ? resolve(102) : reject(error));
    // A new connection for each request, since a reused one may be closed by the endpoint at that moment.
    const request = httpRequest(url, { method, headers, signal, agent: false }, (response) => {
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', fail);
      response.resume();
    });
    request.on('information', ({ statusCode }) => {
      processing = statusCode === 102;
    });
    request.on('error', fail);
    request.end(body);
  });
}
