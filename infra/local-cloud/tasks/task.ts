import { fromMs, type ProtoTime, toMs } from '../proto-time.ts';
import { invalidArgument, unimplemented } from '../rpc-error.ts';

/** The fields of google.cloud.tasks.v2.Task that this server reads, in their wire form. */
export interface TaskRequest {
  name: string;
  httpRequest: HttpTarget | null;
  appEngineHttpRequest: object | null;
  scheduleTime: ProtoTime | null;
  dispatchDeadline: ProtoTime | null;
}

interface HttpTarget {
  url: string;
  httpMethod: string;
  headers: Record<string, string>;
  body: Buffer;
  oauthToken: object | null;
  oidcToken: { serviceAccountEmail: string; audience: string } | null;
}

/** A task in its queue, and the item of faults and deliveries. */
export interface Task {
  readonly name: string;
  readonly httpRequest: HttpTarget;
  readonly createTime: ProtoTime;
  readonly dispatchDeadline: ProtoTime;
  scheduleTime: ProtoTime;
  /** Started attempts. */
  dispatchCount: number;
  /** Attempts with a response. */
  responseCount: number;
}

const TASK_ID = /^[A-Za-z0-9_-]{1,500}$/;
const TASK_BYTES = 100 * 1024;
const URL_LENGTH = 2083;
const LONGEST_SCHEDULE_MS = 30 * 24 * 3_600_000;
const DEFAULT_DEADLINE_MS = 600_000;

/** Validates a request as Cloud Tasks does, and fills in Cloud Tasks' defaults. Throws RpcError. */
export function checkTask(asked: TaskRequest, queueName: string, fallbackId: string): Task {
  const { httpRequest, appEngineHttpRequest } = asked;
  if (appEngineHttpRequest) throw unimplemented('Not in the local cloud: App Engine targets.');
  if (!httpRequest) throw invalidArgument('Task must have a payload: http_request is not set.');
  const name = asked.name || `${queueName}/tasks/${fallbackId}`;
  const id = name.slice(`${queueName}/tasks/`.length);
  if (!name.startsWith(`${queueName}/tasks/`) || !TASK_ID.test(id)) throw invalidArgument(`Invalid task name: ${name}`);
  const now = Date.now();
  const scheduledAt = Math.max(asked.scheduleTime ? toMs(asked.scheduleTime) : now, now);
  if (scheduledAt > now + LONGEST_SCHEDULE_MS) throw invalidArgument('schedule_time is over 30 days in the future.');
  const deadline = asked.dispatchDeadline ? toMs(asked.dispatchDeadline) : DEFAULT_DEADLINE_MS;
  if (deadline < 15_000 || deadline > 1_800_000) {
    throw invalidArgument('dispatch_deadline must be between 15 seconds and 30 minutes.');
  }
  return {
    name,
    httpRequest: checkTarget(httpRequest),
    createTime: fromMs(now),
    scheduleTime: fromMs(scheduledAt),
    dispatchDeadline: fromMs(deadline),
    dispatchCount: 0,
    responseCount: 0,
  };
}

function checkTarget(asked: HttpTarget): HttpTarget {
  const target = { ...asked, httpMethod: asked.httpMethod === 'HTTP_METHOD_UNSPECIFIED' ? 'POST' : asked.httpMethod };
  const { url, httpMethod, headers, body } = target;
  if (target.oauthToken) throw unimplemented('Not in the local cloud: OAuth tokens.');
  if (url.startsWith('https:')) throw unimplemented('Not in the local cloud: https targets.');
  if (!/^http:/.test(url) || !URL.canParse(url) || url.length > URL_LENGTH) throw invalidArgument('Invalid URL.');
  if (body.length > 0 && !['POST', 'PUT', 'PATCH'].includes(httpMethod)) {
    throw invalidArgument(`HTTP method ${httpMethod} cannot have a body.`);
  }
  const size = Object.entries(headers).reduce((sum, [key, value]) => sum + key.length + value.length, body.length);
  if (size > TASK_BYTES) throw invalidArgument(`Task size too large: ${size} bytes; the limit is ${TASK_BYTES}.`);
  return target;
}

/** The form in which a task is returned; the BASIC view omits its body. */
export function describeTask(task: Task, view: string) {
  const full = view === 'FULL';
  const { body, ...target } = task.httpRequest;
  return { ...task, httpRequest: full ? task.httpRequest : target, view: full ? 'FULL' : 'BASIC' };
}
