import { Redis } from 'ioredis';
import { type Connection, createConnection } from 'mysql2/promise';
import type { Deployment } from '../../infra/local-system/deployments.ts';
import { type LocalSystem, type LocalSystemOptions, startLocalSystem } from '../../infra/local-system/local-system.ts';
import { BUCKET } from '../../infra/local-system/names.ts';
import { aggregatorLeaseKey, DONE_COUNT_FIELD, fanInKey, sourceLeaseKey } from '../../shared/domain/names.ts';
import { Admin } from './admin.ts';
import { eventually } from './eventually.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

export interface TestSystemOptions
  extends Pick<LocalSystemOptions, 'purpose' | 'demo' | 'clockSpeed' | 'webhooks' | 'built'> {
  /** The variable with the address of a server, by function. A proxy is put in front of that server. */
  proxied?: Readonly<Record<string, string>>;
}

/** A local system with helpers to call it, to inspect it and to inject faults. */
export interface TestSystem extends LocalSystem {
  /** Returns the proxy between a function and the server that its proxied variable names. */
  proxy(functionName: string): TcpProxy;
  /** Creates a new person without records. */
  newAdmin(): Promise<Admin>;
  /** Resolves to the fields of the record's fan-in hash. */
  fanIn(recordId: string): Promise<Record<string, string>>;
  queryDoneCount(recordId: string): Promise<number>;
  /** Whether an aggregator holds the record's lease. */
  isAggregating(recordId: string): Promise<boolean>;
  /** Whether a worker holds the source's lease. */
  isReading(recordId: string, source: string): Promise<boolean>;
  /** Resolves to the names of the objects, parts and files, that contain `text`. */
  objects(text: string): Promise<string[]>;
  /**
   * Resolves to the addresses of the record's files, including those that the record no longer refers to, or not yet.
   */
  files(recordId: string): Promise<string[]>;
  /** Resolves to the running statements of a database login. */
  queriesOf(user: string): Promise<string[]>;
  /** Locks a table as a schema change does: its readers wait on the server until `endFaults`. */
  lockTable(table: string): Promise<void>;
  /** Ends every fault of the local cloud and of the proxies, and releases every lock. */
  endFaults(): Promise<void>;
  /** Sends SIGKILL to a function, and resolves when its next instance runs. */
  crash(functionName: string): Promise<void>;
  /** Makes the record due for the sweeper at once, and runs the sweeper. */
  sweepNow(recordId: string): Promise<void>;
}

/** For `adjust`: rate limits that no test reaches. */
export const UNLIMITED = { REQUESTS_PER_MINUTE: '1000000', ORDERS_PER_MINUTE: '1000000' };

export async function startTestSystem({ proxied = {}, ...options }: TestSystemOptions): Promise<TestSystem> {
  const proxies = new Map<string, TcpProxy>();
  const putBetween = async (given: Deployment): Promise<Deployment> => {
    // The tests send more requests than a person may.
    const deployment: Deployment = { ...given, env: { ...given.env, ...UNLIMITED } };
    const variable = proxied[deployment.name];
    if (variable === undefined) return deployment;
    const address = deployment.env[variable] ?? '';
    const [hostAndPort, port] = /127\.0\.0\.1:(\d+)/.exec(address) ?? [];
    if (!hostAndPort) throw new Error(`${deployment.name} has no address in ${variable}`);
    const proxy = await startTcpProxy(Number(port));
    proxies.set(deployment.name, proxy);
    return {
      ...deployment,
      env: { ...deployment.env, [variable]: address.replace(hostAndPort, `127.0.0.1:${proxy.port}`) },
    };
  };
  const closeProxies = async () => {
    for (const proxy of proxies.values()) await proxy.close();
  };
  const system = await startLocalSystem({ ...options, adjust: putBetween }).catch(async (error) => {
    await closeProxies();
    throw error;
  });
  const { mariaDb, cloud } = system;
  const redis = new Redis(system.redis.url);
  redis.on('error', () => {});
  const locks: Connection[] = [];
  let admins = 0;

  const endFaults = async () => {
    for (const { faults } of [cloud.pubsub, cloud.tasks, cloud.storage]) faults.clear();
    for (const lock of locks.splice(0)) await lock.end();
    for (const proxy of proxies.values()) await proxy.restore();
  };

  const objects = async (text: string) => {
    const response = await fetch(`${cloud.storage.url}/storage/v1/b/${BUCKET}/o`);
    const { items } = (await response.json()) as { items: { name: string }[] };
    return items.map(({ name }) => name).filter((name) => name.includes(text));
  };

  return {
    ...system,

    proxy(functionName) {
      const proxy = proxies.get(functionName);
      if (!proxy) throw new Error(`nothing is put between for ${functionName}`);
      return proxy;
    },

    async newAdmin() {
      const adminId = String(++admins);
      return new Admin(
        system.origin,
        await system.token({ adminId, departmentId: adminId, roles: ['finance', 'risk-control'] }),
      );
    },

    fanIn: (recordId) => redis.hgetall(fanInKey(recordId)),

    queryDoneCount: async (recordId) => Number(await redis.hget(fanInKey(recordId), DONE_COUNT_FIELD)),

    isAggregating: async (recordId) => (await redis.exists(aggregatorLeaseKey(recordId))) === 1,

    isReading: async (recordId, source) => (await redis.exists(sourceLeaseKey(recordId, source))) === 1,

    objects,

    async files(recordId) {
      const names = await objects(`/${recordId}/`);
      return names.filter((name) => name.startsWith('reports/')).map((name) => `gs://${BUCKET}/${name}`);
    },

    async queriesOf(user) {
      const rows = await mariaDb.sql<{ INFO: string | null; STATE: string | null }>(
        `SELECT INFO, STATE FROM information_schema.processlist WHERE USER = ? AND COMMAND <> 'Sleep'`,
        [user],
      );
      return rows.map(({ INFO, STATE }) => `${INFO ?? ''} (${STATE ?? ''})`);
    },

    async lockTable(table) {
      const connection = await createConnection({ host: mariaDb.host, port: mariaDb.port, ...mariaDb.root });
      locks.push(connection);
      await connection.query(`LOCK TABLES ${table} WRITE`);
    },

    endFaults,

    async crash(functionName) {
      const instance = system.functions.get(functionName);
      if (!instance) throw new Error(`there is no function ${functionName}`);
      const { pid } = instance;
      instance.kill('SIGKILL');
      await eventually(() => instance.pid !== pid);
    },

    async sweepNow(recordId) {
      await mariaDb.sql('UPDATE plt_basic.file_download_record SET sweep_at = UTC_TIMESTAMP(3) WHERE id = ?', [
        recordId,
      ]);
      await system.sweep();
    },

    async stop() {
      await endFaults();
      redis.disconnect();
      await system.stop();
      await closeProxies();
    },
  };
}

/** A stage message, or a task of the aggregator's. */
type Item = { message: { data: Buffer } } | { httpRequest: { body: Buffer } };

/**
 * Returns a filter that matches the messages and tasks of the next record to be created, for faults and logs that are
 * needed before its id is known.
 */
export function nextRecord(): (item: Item) => boolean {
  const since = Date.now();
  let next: string | undefined;
  return (item) => {
    const { recordId } = JSON.parse(('message' in item ? item.message.data : item.httpRequest.body).toString());
    if (recordId !== undefined && createdAt(recordId) >= since) next ??= recordId;
    return recordId !== undefined && recordId === next;
  };
}

/** Returns the creation time of a record, in milliseconds, from its id, a UUIDv7. */
const createdAt = (recordId: string) => Number.parseInt(recordId.replaceAll('-', '').slice(0, 12), 16);

/**
 * Returns the step of its record that a task is for: `s0-try1` is the first scheduled look at the first stage,
 * `s0-done-…` the look requested by that stage's last source.
 */
export const stepOf = (task: { name: string }) => /-(s\d+-.+)$/.exec(task.name)?.[1] ?? task.name;

/** Whether a task is a scheduled look, not a wake-up. */
export const isScheduled = (task: { name: string }) => /^s\d+-try\d+$/.test(stepOf(task));
