import type { z } from 'zod';
import type { Operation } from '../api/operations.ts';
import { checked } from './faults.ts';
import { patternOf } from './operation-pattern.ts';
import { type Call, type Route, route } from './router.ts';
import type { Session } from './session.ts';

/** Lets a call in: resolves to whoever asks, or throws a Problem. */
export type Admit = (operation: Operation, call: Call) => Promise<Session>;

/** A call of an operation: its query checked, its caller known unless it is open to all. */
export type OperationCall<O extends Operation> = Call & {
  query: O extends { query: z.ZodType<infer Query> } ? Query : undefined;
  caller: O extends { open: true } ? undefined : Session;
};

/** Makes routes of operations that `admit` guards. */
export function operationRoutes(admit: Admit) {
  return <O extends Operation>(operation: O, handle: (call: OperationCall<O>) => Promise<void>): Route =>
    route(operation.method, patternOf(operation.path), async (call) => {
      const caller = operation.open ? undefined : await admit(operation, call);
      const query = operation.query && checked(operation.query, call.request.query, call.language);
      await handle({ ...call, caller, query } as OperationCall<O>);
    });
}
