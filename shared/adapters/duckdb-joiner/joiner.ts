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
  /** Of DuckDB's buffers, e.g. `256MB`; what does not fit is spilled. */
  memoryLimit: string;
  /** Of the spilled data, e.g. `1GB`. A function's file system is memory. */
  spillLimit: string;
}

/** A running query holds one of libuv's four pool threads; decompressing the sources, which the query waits for, needs one too. */
const JOINS_AT_ONCE = 2;

/** What is written as a number, a truth or a time: no formula. Anything else may hold text, whose beginning a spreadsheet would run. */
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

/** DuckDB forgets an interrupt that comes before the query has begun. */
const INTERRUPT_MS = 20;

/** Of a fault's message: DuckDB quotes whole rows in some. */
const MAX_REASON_LENGTH = 500;

/**
 * Joins in DuckDB, each join in an instance of its own, a few at once. Sources come in and the result goes out through FIFOs, so neither is ever whole in memory. The
 * SQL's own order of joins is the plan's: the left side of a join streams through, the right side is held in memory or spilled. Two threads share
 * the work, so rows have the order that the SQL asks for, and else any.
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
      return yield* streamJoin(connection, folder, request, signal);
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
      // DuckDB may have failed before it opened its end; what it wrote has been read, or is not wanted.
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
      // The consumer left early. DuckDB must find a reader until it has noticed.
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

/** From `cancelled` on, until the query is `settled`. */
function interruptFrom(ends: { cancelled: AbortSignal; settled: AbortSignal }, connection: DuckDBConnection): void {
  ends.cancelled.addEventListener('abort', () => {
    if (ends.settled.aborted) return;
    connection.interrupt();
    const again = setInterval(() => connection.interrupt(), INTERRUPT_MS);
    ends.settled.addEventListener('abort', () => clearInterval(again));
  });
}

/** Resolves to how many rows the join produced. */
async function runCopy(connection: DuckDBConnection, copy: string): Promise<number> {
  try {
    const [row] = await (await connection.run(copy)).getRows();
    return Number(row?.[0]);
  } catch (error) {
    throw joinFailed(error);
  }
}

/** The SELECT of the file's columns in their order. Those that are guarded and may hold text are neutralised. */
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

/** What DuckDB refuses, it refuses again: bad SQL, a value that is not of its column's type, more to hold than fits. */
function joinFailed(error: unknown): ReportError {
  const reason = reasonOf(error).slice(0, MAX_REASON_LENGTH);
  return new ReportError('JOIN_FAILED', reason, { kind: 'permanent', cause: error });
}

function rowsDisagree(joined: number, written: number): ReportError {
  return new ReportError('ROWS_DISAGREE', `the join produced ${joined} rows, ${written} arrived`, {
    kind: 'permanent',
  });
}
