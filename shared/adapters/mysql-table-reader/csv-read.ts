import type { Connection, FieldPacket } from 'mysql2';
import type { Column } from '../../domain/columns.ts';
import { ReportError } from '../../domain/errors.ts';
import type { BoundQuery } from '../../ports/table-reader.ts';
import { CsvEncoder } from './csv-encoder.ts';
import { mysqlFault } from './mysql-fault.ts';
import { resultColumns } from './result-columns.ts';

/**
 * The size of a block of CSV. A block becomes a part: large enough to keep requests few, small enough that a handful of
 * blocks use little memory.
 */
const BLOCK_BYTES = 8 * 1024 * 1024;

/**
 * The number of full blocks that may wait before the connection is paused, which holds the server back. With the block
 * being filled and the block in use, three blocks exist.
 */
const MAX_WAITING_BLOCKS = 1;

/** A packet of the protocol, as mysql2's parser passes it to a command. */
interface Packet {
  buffer: Buffer;
  offset: number;
  isEOF(): boolean;
}

/**
 * The state in which a mysql2 query command receives rows: takes a packet and returns the state that takes the next
 * one.
 */
type RowState = (packet: Packet, connection: Connection) => unknown;

/**
 * Runs queries one after another on one connection and encodes their rows as they arrive. It replaces mysql2's own row
 * state, which would create an object per row: encoding from the packet itself is 2.4 times as fast as a typeCast that
 * reads each field's buffer.
 */
export class CsvRead {
  readonly #connection: Connection;
  readonly #queries: AsyncIterator<BoundQuery>;
  readonly #waiting: Buffer[] = [];
  #columns: Column[] | undefined;
  #encoder: CsvEncoder | undefined;
  #error: ReportError | undefined;
  #ended = false;
  #wake: () => void = () => {};

  constructor(connection: Connection, queries: AsyncIterable<BoundQuery>) {
    this.#connection = connection;
    this.#queries = queries[Symbol.asyncIterator]();
    connection.on('error', (error) => this.fail(error));
    this.#runNext();
  }

  get rows(): number {
    return this.#encoder?.rows ?? 0;
  }

  get longestRow(): number {
    return this.#encoder?.longestRow ?? 0;
  }

  /** Resolves as soon as the first query's columns are known. */
  async columns(): Promise<Column[]> {
    for (;;) {
      if (this.#error) throw this.#error;
      if (this.#columns) return this.#columns;
      await this.#change();
    }
  }

  async *blocks(): AsyncGenerator<Buffer, void> {
    for (;;) {
      if (this.#error) throw this.#error;
      const block = this.#waiting.shift();
      if (block) {
        this.#connection.resume();
        yield block;
        this.#encoder?.recycle(block);
      } else if (this.#ended) return;
      else await this.#change();
    }
  }

  /** Makes callers that wait for columns or blocks fail. */
  fail(error: unknown): void {
    this.#error ??= mysqlFault(error);
    this.#wake();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #runNext(): void {
    this.#queries.next().then(
      (next) => this.#run(next),
      (error) => this.fail(error),
    );
  }

  #run(next: IteratorResult<BoundQuery>): void {
    if (this.#error) return;
    if (next.done) {
      this.#encoder?.flush();
      this.#ended = true;
      this.#wake();
      return;
    }
    const { sql, bindings } = next.value;
    const command = this.#connection.query({ sql, values: [...bindings] });
    command.on('fields', (fields: FieldPacket[]) => this.#acceptColumns(fields));
    command.on('error', (error) => this.fail(error));
    command.on('end', () => {
      if (!this.#error) this.#runNext();
    });
    this.#takeRows(command as unknown as { row: RowState });
  }

  #takeRows(command: { row: RowState }): void {
    const endState = command.row;
    const rowState: RowState = (packet, connection) => {
      if (packet.isEOF()) return endState.call(command, packet, connection);
      try {
        this.#encoder?.writeRow(packet.buffer, packet.offset);
      } catch (error) {
        this.fail(error);
      }
      return rowState;
    };
    command.row = rowState;
  }

  #acceptColumns(fields: FieldPacket[]): void {
    try {
      const columns = resultColumns(fields);
      this.#columns ??= columns;
      if (JSON.stringify(columns) !== JSON.stringify(this.#columns)) {
        throw new ReportError('COLUMNS_DIFFER', 'the chunks of one source have different columns', {
          kind: 'permanent',
        });
      }
      this.#encoder ??= new CsvEncoder(columns, BLOCK_BYTES, (block) => this.#keep(block));
    } catch (error) {
      this.fail(error);
    }
    this.#wake();
  }

  #keep(block: Buffer): void {
    this.#waiting.push(block);
    if (this.#waiting.length >= MAX_WAITING_BLOCKS) this.#connection.pause();
    this.#wake();
  }
}
