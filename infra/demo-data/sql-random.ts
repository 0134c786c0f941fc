import { escape as quote } from 'mysql2';

/**
 * SQL expressions over `seq`, a row's number from 1 to the table's number of rows. What one gives depends on the seed, the
 * table, the column and the row alone: the same column rolled twice in one row gives the same.
 */
export interface SqlRandom {
  /** An integer from 0 to `sides` - 1. */
  integer(column: string, sides: number): string;
  /** One of `values`, all equally often; with more `sides` than values, NULL for the rest. */
  pick(column: string, values: readonly string[], sides?: number): string;
  /** One of `values` in one row of `every`, else NULL. The table's last rows have each of them once. */
  occasionally(column: string, values: readonly string[], every: number): string;
  /** A DATETIME(3) within `period`, later for each row. */
  instant(period: Period): string;
}

/** ISO dates, UTC; `to` is outside. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

export function sqlRandom(seed: number, table: string, rows: number): SqlRandom {
  const nth = (position: string, values: readonly string[]) =>
    `ELT(${position}, ${values.map((value) => quote(value))})`;
  // CRC32 alone is linear: two columns would differ by the same bits in every row. The upper half of a product does not.
  const integer = (column: string, sides: number) =>
    `((CRC32(CONCAT(${quote(`${seed} ${table} ${column} `)}, seq)) * 2654435761 >> 32) % ${sides})`;
  return {
    integer,
    pick: (column, values, sides = values.length) => nth(`1 + ${integer(column, sides)}`, values),
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
