import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { ensureServers } from '../setup/ensure-servers.ts';
import { type LocalServer, startLocalServer } from './local-server.ts';
import { createDataFolder, dataFolderOptions } from './mariadb-template.ts';

export interface LocalMariaDb extends LocalServer {
  /** Has all rights, over TCP from this machine only. */
  readonly root: { readonly user: 'root'; readonly password: string };
  /** Runs one statement as root on a new connection, and resolves to its rows. Times are text, in full precision. */
  sql<Row = Record<string, unknown>>(statement: string, values?: readonly unknown[]): Promise<Row[]>;
}

export interface MariaDbOptions {
  readonly dir: string;
  readonly bufferPoolMiB?: number;
}

/**
 * Starts an empty MariaDB in `dir`, in UTC and utf8mb4. A commit survives SIGKILL of the server, but not a crash of the
 * machine: nothing here is worth an fsync.
 */
export async function startMariaDb({ dir, bufferPoolMiB = 128 }: MariaDbOptions): Promise<LocalMariaDb> {
  const programs = await ensureServers();
  const dataDir = join(dir, 'data');
  const initFile = join(dir, 'init.sql');
  const password = randomBytes(24).toString('base64url');
  await mkdir(dir, { recursive: true });
  await createDataFolder(programs, dataDir);
  // Runs at every start, so each statement is idempotent.
  await writeFile(
    initFile,
    `CREATE OR REPLACE USER root@'127.0.0.1' IDENTIFIED BY '${password}';
GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;
DROP USER IF EXISTS root@localhost, root@'::1';
`,
    { mode: 0o600 },
  );

  async function sqlOn<Row>(port: number, statement: string, values: readonly unknown[] = []): Promise<Row[]> {
    const login = { host: '127.0.0.1', port, user: 'root', password, connectTimeout: 2000 };
    const connection = await createConnection({
      ...login,
      charset: 'utf8mb4',
      dateStrings: true,
      supportBigNumbers: true,
    });
    try {
      const [rows] = await connection.query<RowDataPacket[]>(statement, [...values]);
      return Array.isArray(rows) ? (rows as Row[]) : [];
    } finally {
      connection.destroy();
    }
  }

  const server = await startLocalServer({
    dir,
    command: (port) => ({
      command: programs.mariadbd,
      args: [
        ...dataFolderOptions,
        `--datadir=${dataDir}`,
        `--tmpdir=${dir}`,
        `--init-file=${initFile}`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        '--socket=mariadb.sock', // relative to the data folder: a socket's whole path may not exceed 107 bytes
        '--skip-name-resolve',
        '--max-connections=300',
        '--character-set-server=utf8mb4',
        '--collation-server=utf8mb4_general_ci',
        '--default-time-zone=+00:00',
        `--innodb-buffer-pool-size=${bufferPoolMiB}M`,
        '--innodb-log-file-size=128M',
        '--innodb-flush-log-at-trx-commit=2',
        '--loose-innodb-flush-method=nosync',
        '--performance-schema=OFF',
      ],
      logFile: join(dir, 'mariadb.log'),
    }),
    probe: (port) => sqlOn(port, 'SELECT 1'),
  });
  return Object.assign(server, {
    root: { user: 'root' as const, password },
    sql: <Row>(statement: string, values?: readonly unknown[]) => sqlOn<Row>(server.port, statement, values),
  });
}
