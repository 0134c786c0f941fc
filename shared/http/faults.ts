import type { z } from 'zod';
import type { Fault } from './problem.ts';

/** Each fault that a schema found, with its path below `prefix`. */
export function faultsOf(error: z.ZodError, prefix?: string): Fault[] {
  return error.issues.flatMap((issue) => {
    const path = [...(prefix ? [prefix] : []), ...issue.path];
    if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), message: issue.message }];
    return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: 'there is no such field' }));
  });
}
