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

/** Terraform's language, by HashiCorp's own parser: blocks are arrays of objects; what is not literal is text with `${…}`. Throws an Error that names file and line. */
export const parse = (file: string, text: string): Promise<Record<string, unknown>> => callOnce('parse', file, text);

/** What a `${…}` refers to, without what comes after an index, and where in it that ends. */
export const getReferencesInExpression = (
  file: string,
  expression: string,
): Promise<{ value: string; endPosition: number }[]> => callOnce('getReferencesInExpression', file, expression);

const answers = new Map<string, Promise<unknown>>();

/** The same text has the same answer. */
function callOnce<Answer>(name: string, ...args: string[]): Promise<Answer> {
  const key = JSON.stringify([name, ...args]);
  const answer = answers.get(key) ?? call(name, ...args);
  answers.set(key, answer);
  return answer as Promise<Answer>;
}

/** The parser is a Go program, whose timers never end: in a thread of its own, which holds the process for as long as it is asked something. */
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
