import type { Deliverer, EndpointRequest } from '../deliverer.ts';
import type { Issuer } from '../issuer.ts';
import { fromMs, toMs } from '../proto-time.ts';
import { alreadyExists, notFound } from '../rpc-error.ts';
import { backoffMs, isExhausted, type QueueConfig } from './queue-config.ts';
import type { Task } from './task.ts';

/** A task and the state of its attempts. */
interface Entry {
  task: Task;
  firstAttemptAt?: number;
  executionCount: number;
  previousResponse?: number;
}

/** The time for which a name remains taken after its task has ended: "about an hour". */
const NAME_RESERVED_MS = 3_600_000;

/** Headers that Cloud Tasks computes or reserves for Google. */
const RESERVED_HEADER = /^(host|content-length|user-agent|x-google-.*|x-appengine-.*|x-cloudtasks-.*)$/i;

/**
 * The tasks of one queue: each is dispatched when it is due, at most `maxConcurrentDispatches` at once, until it
 * succeeds, is removed, or is abandoned. `clockSpeed`: see TasksServer.
 */
export class Queue {
  readonly config: QueueConfig;
  #deliverer: Deliverer<Task>;
  #issuer: Issuer;
  #clockSpeed: number;
  #entries = new Map<string, Entry>();
  /** The names of ended tasks, oldest first, with the time from which each is free again. */
  #reservedNames = new Map<string, number>();
  #due: Entry[] = [];
  #dispatching = 0;

  constructor(config: QueueConfig, options: { deliverer: Deliverer<Task>; issuer: Issuer; clockSpeed: number }) {
    this.config = config;
    this.#deliverer = options.deliverer;
    this.#issuer = options.issuer;
    this.#clockSpeed = options.clockSpeed;
  }

  get tasks(): Task[] {
    return [...this.#entries.values()].map(({ task }) => task);
  }

  find(name: string): Task {
    const entry = this.#entries.get(name);
    if (!entry) throw notFound('Requested entity was not found.');
    return entry.task;
  }

  add(task: Task): void {
    this.#freeNames();
    if (this.#entries.has(task.name)) throw alreadyExists('Requested entity already exists');
    if (this.#reservedNames.has(task.name)) {
      throw alreadyExists('The task cannot be created because a task with this name existed too recently.');
    }
    const entry = { task, executionCount: 0 };
    this.#entries.set(task.name, entry);
    this.#schedule(entry, Math.max(toMs(task.scheduleTime) - Date.now(), 0));
  }

  /** Removes a task. An attempt in progress is its last. */
  remove(name: string): void {
    this.#entries.delete(name);
    this.#reservedNames.set(name, Date.now() + NAME_RESERVED_MS / this.#clockSpeed);
  }

  clear(): void {
    this.#entries.clear();
  }

  #schedule(entry: Entry, delay: number): void {
    this.#deliverer.after(delay / this.#clockSpeed, () => {
      this.#due.push(entry);
      this.#dispatchDue();
    });
  }

  #dispatchDue(): void {
    while (this.#dispatching < this.config.rateLimits.maxConcurrentDispatches) {
      const entry = this.#due.shift();
      if (!entry) return;
      if (!this.#holds(entry)) continue;
      this.#dispatching++;
      void this.#attempt(entry).then(() => {
        this.#dispatching--;
        this.#dispatchDue();
      });
    }
  }

  async #attempt(entry: Entry): Promise<void> {
    const { task } = entry;
    const { retryConfig } = this.config;
    entry.firstAttemptAt ??= Date.now();
    task.dispatchCount++;
    const prepare = () => this.#requestFor(entry);
    const outcome = await this.#deliverer.deliver(task, task.dispatchCount, task.httpRequest.url, prepare);
    if (!this.#holds(entry)) return;
    if (typeof outcome === 'number') {
      task.responseCount++;
      if (outcome < 500) entry.executionCount++;
      entry.previousResponse = outcome;
    }
    const succeeded = typeof outcome === 'number' && outcome >= 200 && outcome <= 299;
    const elapsed = (Date.now() - entry.firstAttemptAt) * this.#clockSpeed;
    if (succeeded || isExhausted(retryConfig, task.dispatchCount, elapsed)) return this.remove(task.name);
    const backoff = backoffMs(retryConfig, task.dispatchCount);
    task.scheduleTime = fromMs(Date.now() + backoff);
    this.#schedule(entry, backoff);
  }

  /** Whether this task, and not a later one of the same name, is still in the queue. */
  #holds(entry: Entry): boolean {
    return this.#entries.get(entry.task.name) === entry;
  }

  async #requestFor({ task, executionCount, previousResponse }: Entry): Promise<EndpointRequest> {
    const { url, httpMethod, headers, body, oidcToken } = task.httpRequest;
    const own = Object.entries(headers).filter(([name]) => !RESERVED_HEADER.test(name));
    const token =
      oidcToken && (await this.#issuer.mintIdentityToken(oidcToken.serviceAccountEmail, oidcToken.audience || url));
    return {
      url,
      method: httpMethod,
      headers: {
        ...Object.fromEntries(own.map(([name, value]) => [name.toLowerCase(), value])),
        ...(token && { authorization: `Bearer ${token}` }),
        'user-agent': 'Google-Cloud-Tasks',
        'x-cloudtasks-queuename': this.config.name.split('/').at(-1),
        'x-cloudtasks-taskname': task.name.split('/').at(-1),
        'x-cloudtasks-taskretrycount': task.dispatchCount - 1,
        'x-cloudtasks-taskexecutioncount': executionCount,
        'x-cloudtasks-tasketa': (toMs(task.scheduleTime) / 1000).toFixed(6),
        ...(previousResponse !== undefined && { 'x-cloudtasks-taskpreviousresponse': previousResponse }),
      },
      body,
      timeoutMs: toMs(task.dispatchDeadline),
    };
  }

  #freeNames(): void {
    for (const [name, until] of this.#reservedNames) {
      if (until > Date.now()) return;
      this.#reservedNames.delete(name);
    }
  }
}
