import { z } from 'zod';
import { ReportError } from '../../shared/domain/errors.ts';
import type { AggregateTask } from '../../shared/ports/messages.ts';

const Task = z.object({
  recordId: z.uuid(),
  stage: z.int().min(0),
  attempt: z.int().min(0),
});

/** Parses a task's body. Throws BAD_TASK (permanent) on anything else. */
export function parseTask(body: unknown): AggregateTask {
  try {
    return Task.parse(JSON.parse(String(body)));
  } catch (error) {
    throw new ReportError('BAD_TASK', 'not an aggregate task', { kind: 'permanent', cause: error });
  }
}
