import { escape as quote } from 'mysql2';

/**
 * Pseudorandom SQL expressions over `seq`, a row's number from 1 to the table's number of rows. A value depends on the
 * seed, the table, the column and the row alone: the same column gives the same value twice in one row.
 */
export interface SqlRandom {
  /** An integer from 0 to `range` - 1. */
  integer(column: string, range: number): string;
  /** One of `values`, uniformly; with a larger `range` than values, NULL for the rest. */
  pick(column: string, values: readonly string[], range?: number): string;
  /** One of `values` in one row of `every`, otherwise NULL. The table's last rows contain each of them once. */
  occasionally(column: string, values: readonly string[], every: number): string;
  /** A DATETIME(3) within `period`, later for each row. */
  instant(period: Period): string;
}

/** ISO dates in UTC; `to` is exclusive. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

export function sqlRandom(seed: number, table: string, rows: number): SqlRandom {
  const nth = (position: string, values: readonly string[]) =>
    `ELT(${position}, ${values.map((value) => quote(value))})`;
  // CRC32 alone is linear: two columns would differ by the same bits in every row. The upper half of a product is not.
  const integer = (column: string, range: number) =>
    `((CRC32(CONCAT(${quote(`${seed} ${table} ${column} `)}, seq)) * 2654435761 >> 32) % ${range})`;
  return {
    integer,
    pick: (column, values, range = values.length) => nth(`1 + ${integer(column, range)}`, values),
    occasionally(column, values, every) {
      const others = rows - values.length;
      return nth(`IF(seq > ${others}, seq - ${others}, 1 + ${integer(column, values.length * every)})`, values);
    },
    instant({ from, to }) {
      const step = Math.max(1, Math.floor((Date.parse(to) - Date.parse(from)) / rows));
      return `TIMESTAMP '${from} 00:00:00' + INTERVAL (seq * ${step} - 1 - ${integer('moment', step)}) * 1000 MICROSECOND`;
    },
  };
}
