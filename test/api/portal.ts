import { eventually } from '../../infra/local-cloud/test-support.ts';
import { type LocalSystem, type Person, startLocalSystem } from '../../infra/local-system/local-system.ts';

/** An answer, whole. Bodies are JSON, or nothing. */
export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the tests are about.
  body: any;
}

export type Call = { body?: unknown; headers?: Record<string, string> };

/** One person at the API. */
export interface Caller extends Person {
  get(path: string, call?: Call): Promise<Answer>;
  post(path: string, call?: Call): Promise<Answer>;
  /** Asks for a report. */
  ask(order: object, headers?: Record<string, string>): Promise<Answer>;
  /** Asks anew, and resolves to the record once it is at its end. */
  run(order: object, headers?: Record<string, string>): Promise<Answer['body']>;
}

export interface Portal extends LocalSystem {
  /** A person; of a department of their own unless told otherwise. */
  person(who?: Partial<Person>): Promise<Caller>;
  /** Any request, a body of bytes or text as it is, any other as JSON. */
  call(method: string, path: string, call?: Call): Promise<Answer>;
  /** How many records there are, of this admin or of all. */
  countRecords(adminId?: string): Promise<number>;
  /** Where each function is called from inside, by its name. */
  internalUrls: ReadonlyMap<string, string>;
}

const END_STATUSES = ['COMPLETED', 'FAILED', 'CANCELLED', 'EXPIRED'];

/** A local system with little data, as the admin portal sees it. */
export async function openPortal(purpose: string): Promise<Portal> {
  const internalUrls = new Map<string, string>();
  const system = await startLocalSystem({
    purpose,
    demo: { rows: 500 },
    adjust: async (deployment) => {
      internalUrls.set(deployment.name, deployment.env.INTERNAL_AUDIENCE ?? '');
      return deployment;
    },
  });
  let people = 0;

  const call: Portal['call'] = async (method, path, { body, headers = {} } = {}) => {
    const isRaw = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(system.origin + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      redirect: 'manual',
      ...(body === undefined ? {} : { body: isRaw ? (body as string) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };

  return {
    ...system,
    internalUrls,
    call,
    async person(who = {}) {
      const number = String(++people);
      const person = { adminId: `admin-${number}`, departmentId: `department-${number}`, ...who };
      const authorization = `Bearer ${await system.token(person)}`;
      const get: Caller['get'] = (path, { headers, ...rest } = {}) =>
        call('GET', path, { ...rest, headers: { authorization, ...headers } });
      const post: Caller['post'] = (path, { headers, ...rest } = {}) =>
        call('POST', path, { ...rest, headers: { authorization, ...headers } });
      const ask: Caller['ask'] = (order, headers = {}) => post('/v1/downloads', { body: order, headers });
      return {
        ...person,
        get,
        post,
        ask,
        async run(order, headers) {
          const { status, body } = await ask({ ...order, refresh: true }, headers);
          if (status !== 202) throw new Error(`${status}: ${JSON.stringify(body)}`);
          const atItsEnd = async () => {
            const { body: record } = await get(`/v1/downloads/${body.id}`);
            return END_STATUSES.includes(record.status) && record;
          };
          return eventually(atItsEnd, { seconds: 30, everyMs: 20 });
        },
      };
    },
    async countRecords(adminId) {
      const whose = adminId === undefined ? '' : 'WHERE admin_id = ?';
      const rows = await system.mariaDb.sql<{ records: number }>(
        `SELECT COUNT(*) AS records FROM plt_basic.file_download_record ${whose}`,
        adminId === undefined ? [] : [adminId],
      );
      return rows[0]?.records ?? Number.NaN;
    },
  };
}
