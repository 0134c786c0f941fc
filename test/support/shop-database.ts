import { join } from 'node:path';
import { type LocalMariaDb, startMariaDb } from '../../infra/local-servers/mariadb.ts';
import { runFolder } from '../../infra/local-servers/run-folder.ts';
import { mysqlTableReader } from '../../shared/adapters/mysql-table-reader/table-reader.ts';
import type { BoundQuery, TableRead } from '../../shared/ports/table-reader.ts';
import { eventually } from './eventually.ts';
import { never } from './never.ts';

/** 50 MB in 50,000 rows: more than a reader and the sockets buffer. */
export const LARGE = 'SELECT id, text FROM shop.large';

interface Process {
  id: number;
  state: string;
}

export type Shop = Awaited<ReturnType<typeof startShop>>;

/**
 * Starts a MariaDB with `shop.orders` (three rows), `shop.large`, and a read-only login whose activity on the server
 * can be observed.
 */
export async function startShop() {
  const folder = await runFolder('test');
  const mariaDb = await startMariaDb({ dir: join(folder.path, 'mariadb') });
  await createTables(mariaDb);
  const login = { host: mariaDb.host, port: mariaDb.port, user: 'reader', password: 'secret' };
  const processes = (where: string) =>
    mariaDb.sql<Process>(`SELECT id, state FROM information_schema.processlist WHERE user = 'reader' AND ${where}`);

  /** Reads with one query, or with several. */
  const read = (queries: string | Iterable<BoundQuery>, signal = never, options: object = {}): Promise<TableRead> =>
    mysqlTableReader({ ...login, ...options }).read(
      typeof queries === 'string' ? [{ sql: queries, bindings: [] }] : queries,
      signal,
    );

  return {
    mariaDb,
    login,
    read,
    readAll: async (...args: Parameters<typeof read>): Promise<string> => textOf(await read(...args)),

    /** Starts a read, and resolves to it when its first block has arrived. */
    async begun(...args: Parameters<typeof read>) {
      const opened = await read(...args);
      const blocks = opened.blocks[Symbol.asyncIterator]() as AsyncGenerator<Buffer>;
      const first = (await blocks.next()).value as Buffer;
      return { ...opened, blocks, firstBytes: first.length };
    },

    /** Resolves to the login's running statements. */
    working: () => processes('info IS NOT NULL'),

    untilWorking: (state: RegExp) =>
      eventually(async () => {
        const [own] = await processes('info IS NOT NULL');
        return own && state.test(own.state) && own;
      }),

    /** Resolves when the login has no connections. */
    untilGone: () => eventually(async () => (await processes('TRUE')).length === 0),

    async stop() {
      await mariaDb.stop();
      await folder.remove();
    },
  };
}

/** Resolves to the remaining rows of a read, as CSV. */
export async function textOf({ blocks }: Pick<TableRead, 'blocks'>): Promise<string> {
  const copies: Buffer[] = [];
  for await (const block of blocks) copies.push(Buffer.from(block));
  return Buffer.concat(copies).toString();
}

const connections = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
const connectionsBefore = connections();

/** Resolves when this process has no more open connections than when it loaded this module. */
export const untilHungUp = () => eventually(() => connections() <= connectionsBefore);

async function createTables(mariaDb: LocalMariaDb): Promise<void> {
  for (const statement of [
    'CREATE DATABASE shop',
    "CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'secret'",
    "GRANT SELECT ON shop.* TO reader@'127.0.0.1'",
    'CREATE TABLE shop.orders (id INT PRIMARY KEY, note VARCHAR(100))',
    "INSERT INTO shop.orders VALUES (1, 'one'), (2, ''), (3, NULL)",
    'CREATE TABLE shop.large (id INT PRIMARY KEY, text VARCHAR(1000))',
    "INSERT INTO shop.large SELECT seq, REPEAT('x', 1000) FROM shop.seq_1_to_50000",
  ]) {
    await mariaDb.sql(statement);
  }
}
