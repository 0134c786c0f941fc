import { Worker } from 'node:worker_threads';

type Pending = PromiseWithResolvers<unknown>;
interface Reply {
  id: number;
  answer?: unknown;
  fault?: string;
}

const pending = new Map<number, Pending>();
let worker: Worker | undefined;
let lastId = 0;

/**
 * Parses Terraform's language by HashiCorp's parser: blocks become arrays of objects; expressions that are not literals
 * become text with `${…}`. Throws an Error that names the file and line.
 */
export const parse = (file: string, text: string): Promise<Record<string, unknown>> => callOnce('parse', file, text);

/** The references in a `${…}`, each up to an index in it, and the position at which it ends. */
export const getReferencesInExpression = (
  file: string,
  expression: string,
): Promise<{ value: string; endPosition: number }[]> => callOnce('getReferencesInExpression', file, expression);

const answers = new Map<string, Promise<unknown>>();

/** Caches the answers. */
function callOnce<Answer>(name: string, ...args: string[]): Promise<Answer> {
  const key = JSON.stringify([name, ...args]);
  const answer = answers.get(key) ?? call(name, ...args);
  answers.set(key, answer);
  return answer as Promise<Answer>;
}

/**
 * The parser is a Go program whose timers never end. It runs in a worker thread that keeps the process alive only while
 * calls are pending.
 */
async function call<Answer>(name: string, ...args: string[]): Promise<Answer> {
  worker ??= startWorker();
  const id = ++lastId;
  const reply = Promise.withResolvers<unknown>();
  pending.set(id, reply);
  worker.ref();
  worker.postMessage({ id, name, args });
  return (await reply.promise) as Answer;
}

function startWorker(): Worker {
  const started = new Worker(new URL('./hcl-worker.mjs', import.meta.url));
  const settle = (id: number, settled: (reply: Pending) => void) => {
    const reply = pending.get(id);
    pending.delete(id);
    if (pending.size === 0) started.unref();
    if (reply) settled(reply);
  };
  started.on('message', ({ id, answer, fault }: Reply) =>
    settle(id, (reply) => (fault === undefined ? reply.resolve(answer) : reply.reject(new Error(fault)))),
  );
  started.on('error', (error) => {
    for (const id of pending.keys()) settle(id, (reply) => reply.reject(error));
  });
  return started;
}
