import { type LocalSystem, startLocalSystem } from '../../infra/local-system/local-system.ts';
import type { LocalPerson } from '../../infra/local-system/person.ts';
import { isFinished } from '../../shared/api-client/types.ts';
import { eventually } from '../support/eventually.ts';
import { type OpenApiValidator, openApiValidator } from '../support/openapi-validator.ts';
import { UNLIMITED } from '../support/test-system.ts';

// biome-ignore lint/suspicious/noExplicitAny: the tests assert what a response contains.
type Json = any;

/** A complete response. A body that is not JSON is text. */
export interface Answer {
  status: number;
  headers: Headers;
  body: Json;
}

export interface Call {
  /** Text and bytes are sent as they are, anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** A person who calls the API. */
export interface Caller extends LocalPerson {
  call(method: string, path: string, call?: Call): Promise<Answer>;
  get(path: string): Promise<Answer>;
  post(path: string, call?: Call): Promise<Answer>;
  /** Requests a report. */
  ask(order: object, headers?: Record<string, string>): Promise<Answer>;
  /** Resolves to the record when it has ended. */
  end(id: string): Promise<Json>;
  /** Requests a new export of a report, and resolves to the record when it has ended. */
  run(order: object, headers?: Record<string, string>): Promise<Json>;
}

export interface Portal extends LocalSystem {
  call(method: string, path: string, call?: Call): Promise<Answer>;
  /** Creates a person, by default in a department of their own and with the role finance. */
  person(who?: Partial<LocalPerson>): Promise<Caller>;
  /** Runs `work` while no table is queried, so that what it creates stays active in the meantime. */
  whileHeld<T>(work: () => Promise<T>): Promise<T>;
  /** Returns the number of records, of this admin or of all. */
  countRecords(adminId?: string): Promise<number>;
  /** The URL at which each function is called internally, by the function's name. */
  internalUrls: ReadonlyMap<string, string>;
}

/** Starts a local system with little data, as the admin portal sees it. */
export async function openPortal(purpose: string, limits: Record<string, string> = UNLIMITED): Promise<Portal> {
  const internalUrls = new Map<string, string>();
  const system = await startLocalSystem({
    purpose,
    demo: { rows: 500 },
    adjust: async (deployment) => {
      internalUrls.set(deployment.name, deployment.env.INTERNAL_AUDIENCE ?? '');
      // The tests send more requests than a person may.
      return {
        ...deployment,
        env: { ...deployment.env, ...limits },
      };
    },
  });
  const validate: OpenApiValidator = await openApiValidator(system.origin);
  /** Every response of the API must match its description. */
  const call: Portal['call'] = async (method, path, { body, headers = {} } = {}) => {
    const answer = await ask(system.origin + path, method, body, headers);
    validate(method, path, answer);
    return answer;
  };
  let people = 0;

  return {
    ...system,
    internalUrls,
    call,
    async person(who = {}) {
      const number = ++people;
      const person = { adminId: `admin-${number}`, departmentId: `department-${number}`, roles: ['finance'], ...who };
      const authorization = `Bearer ${await system.token(person)}`;
      return callerOf(person, (method, path, { headers, ...rest } = {}) =>
        call(method, path, { ...rest, headers: { authorization, ...headers } }),
      );
    },
    async whileHeld(work) {
      const release = system.cloud.pubsub.faults.hold();
      try {
        return await work();
      } finally {
        release();
      }
    },
    async countRecords(adminId) {
      const sql =
        'SELECT COUNT(*) AS records FROM plt_basic.file_download_record WHERE admin_id = COALESCE(?, admin_id)';
      const rows = await system.mariaDb.sql<{ records: number }>(sql, [adminId ?? null]);
      return rows[0]?.records ?? Number.NaN;
    },
  };
}

function callerOf(person: LocalPerson, call: Caller['call']): Caller {
  const caller: Caller = {
    ...person,
    call,
    get: (path) => call('GET', path),
    post: (path, options) => call('POST', path, options),
    ask: (order, headers = {}) => call('POST', '/v1/downloads', { body: order, headers }),
    end: (id) =>
      eventually(async () => {
        const { body: record } = await caller.get(`/v1/downloads/${id}`);
        return isFinished(record) && record;
      }),
    async run(order, headers) {
      const { status, body } = await caller.ask({ ...order, refresh: true }, headers);
      if (status !== 202) throw new Error(`${status}: ${JSON.stringify(body)}`);
      return caller.end(body.id);
    },
  };
  return caller;
}

async function ask(url: string, method: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    redirect: 'manual',
    ...(body === undefined ? {} : { body: isRaw ? (body as string) : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}
