import { AsyncLocalStorage } from 'node:async_hooks';

const scope = new AsyncLocalStorage<Readonly<Record<string, string>>>();

/** Does `work` as part of a trace, whose fields (logContext) are found by what it calls that has no logger of the call's own: the record store. */
export const inTrace = <T>(fields: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> =>
  scope.run(fields, work);

export const traceFields = (): Readonly<Record<string, string>> => scope.getStore() ?? {};
