import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, DuckDBTypeId } from '@duckdb/node-api';
import { ReportError, reasonOf } from '../../domain/errors.ts';
import type { Joiner, JoinRequest } from '../../ports/joiner.ts';
import { CsvRowCounter } from './csv-row-counter.ts';
import { FifoReader, feedFifo, makeFifos } from './fifo.ts';
import { copyStatement, sourceView } from './statements.ts';

export interface DuckDbOptions {
  /** Of DuckDB's buffers, e.g. `256MB`; what does not fit is spilled. */
  memoryLimit: string;
  /** Of the spilled data, e.g. `1GB`. A function's file system is memory. */
  spillLimit: string;
}

/**
 * Joins in DuckDB, each join in an instance of its own. Sources come in and the result goes out through FIFOs, so neither is ever whole in memory. The SQL's own
 * order of joins is the plan's: the left side of a join streams through and keeps its order, the right side is held in memory or spilled.
 */
export function duckDbJoiner(options: DuckDbOptions): Joiner {
  return {
    async *join(request, signal) {
      const folder = await mkdtemp(joinPath(tmpdir(), 'join-'));
      try {
        const instance = await DuckDBInstance.create(':memory:', {
          // One thread keeps the order and the memory low; with the feeding and the upload beside it, two were no faster on two cores.
          threads: '1',
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
    },
  };
}

async function* streamJoin(
  connection: DuckDBConnection,
  folder: string,
  { sources, sql, output }: JoinRequest,
  signal: AbortSignal,
): AsyncGenerator<Buffer, number> {
  const outputPath = joinPath(folder, 'output');
  const paths = sources.map((_source, index) => joinPath(folder, `source-${index}`));
  await makeFifos([...paths, outputPath]);
  for (const [index, source] of sources.entries()) {
    await connection.run(sourceView(source.name, source.columns, paths[index] as string));
  }
  const copy = copyStatement(sql, output, await textColumns(connection, sql), outputPath);

  const cancelled = new AbortController();
  const settled = new AbortController();
  let failure: unknown;
  const failWith = (error: unknown) => {
    failure ??= error;
    cancelled.abort();
    connection.interrupt();
  };
  const abort = () => failWith(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener('abort', abort, { once: true });

  const ends = { cancelled: cancelled.signal, settled: settled.signal };
  const feeds = sources.map(({ content }, index) => feedFifo(paths[index] as string, content, ends).catch(failWith));
  const result = new FifoReader(outputPath);
  const joined = runCopy(connection, copy)
    .catch((error) => {
      failWith(error);
      // It may have failed before it opened its end.
      result.close();
      return 0;
    })
    .finally(() => settled.abort());

  const written = new CsvRowCounter();
  try {
    for await (const block of result) {
      written.update(block);
      yield block;
    }
    await joined;
  } catch (error) {
    failWith(error);
  } finally {
    signal.removeEventListener('abort', abort);
    if (!settled.signal.aborted) {
      // The consumer left early. DuckDB must find a reader until it has noticed.
      failWith(new Error('the join was abandoned'));
      const rest = new FifoReader(outputPath);
      joined.finally(() => rest.close());
      for await (const _block of rest);
    }
    await Promise.all(feeds);
  }
  if (failure !== undefined) throw failure;
  const rows = await joined;
  if (rows !== written.rows) throw rowsDisagree(rows, written.rows);
  return rows;
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

/** The columns of the SELECT that are text to DuckDB. */
async function textColumns(connection: DuckDBConnection, sql: string): Promise<Set<string>> {
  try {
    const statement = await connection.prepare(sql);
    const names = Array.from({ length: statement.columnCount }, (_, index) => index)
      .filter((index) => statement.columnTypeId(index) === DuckDBTypeId.VARCHAR)
      .map((index) => statement.columnName(index));
    statement.destroySync();
    return new Set(names);
  } catch (error) {
    throw joinFailed(error);
  }
}

/** What DuckDB refuses, it refuses again: bad SQL, a value that is not of its column's type, more to hold than fits. */
function joinFailed(error: unknown): ReportError {
  return new ReportError('JOIN_FAILED', reasonOf(error), { kind: 'permanent', cause: error });
}

function rowsDisagree(joined: number, written: number): ReportError {
  return new ReportError('ROWS_DISAGREE', `the join produced ${joined} rows, ${written} arrived`, {
    kind: 'permanent',
  });
}
