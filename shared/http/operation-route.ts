import type { z } from 'zod';
import type { Operation } from '../api/operations.ts';
import { validateOrThrow } from './faults.ts';
import { patternOf } from './operation-pattern.ts';
import { type Call, type Route, route } from './router.ts';
import type { Session } from './session.ts';

/** Admits a call: resolves to the caller's session, or throws a Problem. */
export type Guard = (operation: Operation, call: Call) => Promise<Session>;

/** A call of an operation. Its query is validated, and its caller is known unless the operation is open. */
export type OperationCall<O extends Operation> = Call & {
  query: O extends { query: z.ZodType<infer Query> } ? Query : undefined;
  caller: O extends { open: true } ? undefined : Session;
};

/** Returns a function that makes routes of operations, guarded by `admit`. */
export function operationRoutes(admit: Guard) {
  return <O extends Operation>(operation: O, handle: (call: OperationCall<O>) => Promise<void>): Route =>
    route(operation.method, patternOf(operation.path), async (call) => {
      const caller = operation.open ? undefined : await admit(operation, call);
      const query = operation.query && validateOrThrow(operation.query, call.request.query, call.language);
      await handle({ ...call, caller, query } as OperationCall<O>);
    });
}
