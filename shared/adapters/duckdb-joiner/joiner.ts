import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, DuckDBTypeId } from '@duckdb/node-api';
import { ReportError, reasonOf } from '../../domain/errors.ts';
import type { Joiner, JoinRequest, OutputColumn } from '../../ports/joiner.ts';
import { CsvRowCounter } from './csv-row-counter.ts';
import { FifoReader, feedFifos, makeFifos, READERS } from './fifo.ts';
import { Semaphore } from './semaphore.ts';
import { type CsvSource, copyStatement, identifier, neutralised, selectStatement } from './statements.ts';

export interface DuckDbOptions {
  /** Limit of DuckDB's buffers, e.g. `256MB`; data beyond it is spilled. */
  memoryLimit: string;
  /** Limit of the spilled data, e.g. `1GB`. A function's file system is in memory. */
  spillLimit: string;
}

/**
 * A running query occupies one of libuv's four pool threads. Decompressing the sources, which the query waits for,
 * needs one too.
 */
const JOINS_AT_ONCE = 2;

/**
 * Types whose values are written as numbers, booleans or times, which are no formulas. A value of any other type may
 * contain text, and a spreadsheet may run text as a formula because of its first character.
 */
const HARMLESS_TYPES: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.BOOLEAN,
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.BIGNUM,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.FLOAT,
  DuckDBTypeId.DOUBLE,
  DuckDBTypeId.DECIMAL,
  DuckDBTypeId.DATE,
  DuckDBTypeId.TIME,
  DuckDBTypeId.TIME_NS,
  DuckDBTypeId.TIME_TZ,
  DuckDBTypeId.TIMESTAMP,
  DuckDBTypeId.TIMESTAMP_S,
  DuckDBTypeId.TIMESTAMP_MS,
  DuckDBTypeId.TIMESTAMP_NS,
  DuckDBTypeId.TIMESTAMP_TZ,
  DuckDBTypeId.INTERVAL,
]);

/** Interval of repeated interrupts: DuckDB ignores an interrupt that arrives before the query has begun. */
const INTERRUPT_MS = 20;

/** Maximum length of an error message: DuckDB quotes whole rows in some. */
const MAX_REASON_LENGTH = 500;

/**
 * Joins in DuckDB, each join in its own instance, a few at a time. Sources and result pass through FIFOs, so neither is
 * ever completely in memory. The plan keeps the SQL's order of joins: the left side of a join is streamed, the right
 * side is held in memory or spilled. Two threads share the work, so the order of rows is undefined unless the SQL
 * specifies one.
 */
export function duckDbJoiner(options: DuckDbOptions): Joiner {
  const semaphore = new Semaphore(JOINS_AT_ONCE);
  return {
    async *join(request, signal) {
      await semaphore.acquire(signal);
      try {
        return yield* joinInFolder(options, request, signal);
      } finally {
        semaphore.release();
      }
    },
  };
}

async function* joinInFolder(
  options: DuckDbOptions,
  request: JoinRequest,
  signal: AbortSignal,
): AsyncGenerator<Buffer, number> {
  const folder = await mkdtemp(joinPath(tmpdir(), 'join-'));
  try {
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(READERS),
      memory_limit: options.memoryLimit,
      temp_directory: joinPath(folder, 'spill'),
      max_temp_directory_size: options.spillLimit,
      disabled_optimizers: 'join_order,build_side_probe_side',
    });
    try {
      const connection = await instance.connect();
      try {
        return yield* streamJoin(connection, folder, request, signal);
      } finally {
        // An open connection would keep the instance, with its memory and threads, until it is garbage-collected.
        connection.closeSync();
      }
    } finally {
      instance.closeSync();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* streamJoin(
  connection: DuckDBConnection,
  folder: string,
  { sources, sql, output }: JoinRequest,
  signal: AbortSignal,
): AsyncGenerator<Buffer, number> {
  const outputPath = joinPath(folder, 'output');
  const inputs = sources.map((source, index) => ({
    ...source,
    paths: source.parts.map((_, part) => joinPath(folder, `source-${index}-part-${part}`)),
  }));
  await makeFifos([...inputs.flatMap(({ paths }) => paths), outputPath]);
  const copy = copyStatement(await guardedSelect(connection, inputs, sql, output), outputPath);

  const cancelled = new AbortController();
  const settled = new AbortController();
  let failure: unknown;
  const failWith = (error: unknown) => {
    failure ??= error;
    cancelled.abort();
  };
  const abort = () => failWith(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener('abort', abort, { once: true });

  const ends = { cancelled: cancelled.signal, settled: settled.signal };
  const result = new FifoReader(outputPath);
  const feeds = inputs.map(({ paths, parts }) => feedFifos(paths, parts, ends, failWith));
  interruptFrom(ends, connection);
  const joined = runCopy(connection, copy)
    .catch((error) => {
      failWith(error);
      return 0;
    })
    .finally(() => {
      settled.abort();
      // DuckDB may have failed before it opened its end. Anything it wrote has been read or is not needed.
      if (failure !== undefined) result.close();
    });

  const written = new CsvRowCounter();
  try {
    for await (const block of result) {
      written.update(block);
      yield block;
    }
    await joined;
  } finally {
    signal.removeEventListener('abort', abort);
    if (!settled.signal.aborted) {
      // The consumer stopped early. DuckDB needs a reader until it has noticed.
      failWith(new Error('the join was abandoned'));
      result.discard();
      await joined;
    }
    await Promise.all(feeds);
    result.close();
  }
  if (failure !== undefined) throw failure;
  const rows = await joined;
  if (rows !== written.rows) throw rowsDisagree(rows, written.rows);
  return rows;
}

/** Interrupts the query repeatedly, from `cancelled` until it has `settled`. */
function interruptFrom(ends: { cancelled: AbortSignal; settled: AbortSignal }, connection: DuckDBConnection): void {
  ends.cancelled.addEventListener('abort', () => {
    if (ends.settled.aborted) return;
    connection.interrupt();
    const again = setInterval(() => connection.interrupt(), INTERRUPT_MS);
    ends.settled.addEventListener('abort', () => clearInterval(again));
  });
}

/** Resolves to the number of rows that the join produced. */
async function runCopy(connection: DuckDBConnection, copy: string): Promise<number> {
  try {
    const [row] = await (await connection.run(copy)).getRows();
    return Number(row?.[0]);
  } catch (error) {
    throw joinFailed(error);
  }
}

/**
 * Returns the SELECT of the file's columns in their order. Columns that are guarded and may contain text are
 * neutralised.
 */
async function guardedSelect(
  connection: DuckDBConnection,
  sources: readonly CsvSource[],
  sql: string,
  output: readonly OutputColumn[],
): Promise<string> {
  const columns = output.map(({ name }) => identifier(name));
  try {
    const statement = await connection.prepare(selectStatement(sources, sql, columns));
    const isHarmless = columns.map((_, index) => HARMLESS_TYPES.has(statement.columnTypeId(index)));
    statement.destroySync();
    const expressions = columns.map((column, index) =>
      output[index]?.guarded && !isHarmless[index] ? `${neutralised(column)} AS ${column}` : column,
    );
    return selectStatement(sources, sql, expressions);
  } catch (error) {
    throw joinFailed(error);
  }
}

/**
 * Returns a permanent error, because DuckDB would fail again for the same reason: bad SQL, a value that does not match
 * its column's type, or more data than fits.
 */
function joinFailed(error: unknown): ReportError {
  const reason = reasonOf(error).slice(0, MAX_REASON_LENGTH);
  return new ReportError('JOIN_FAILED', reason, { kind: 'permanent', cause: error });
}

function rowsDisagree(joined: number, written: number): ReportError {
  return new ReportError('ROWS_DISAGREE', `the join produced ${joined} rows, ${written} arrived`, {
    kind: 'permanent',
  });
}
