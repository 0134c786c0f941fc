import { escape as quote } from 'mysql2';

/**
 * SQL expressions over `seq`, a row's number from 1 to the table's number of rows. What one gives depends on the seed, the
 * table, the column and the row alone: the same column rolled twice in one row gives the same.
 */
export interface SqlDice {
  /** An integer from 0 to `sides` - 1. */
  roll(column: string, sides: number): string;
  /** One of `values`, all equally often; with more `sides` than values, NULL for the rest. */
  pick(column: string, values: readonly string[], sides?: number): string;
  /** One of `values` in one row of `every`, else NULL. The table's last rows have each of them once. */
  rarely(column: string, values: readonly string[], every: number): string;
  /** A DATETIME(3) within `period`, later for each row. */
  moment(period: Period): string;
}

/** ISO dates, UTC; `to` is outside. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

export function sqlDice(seed: number, table: string, rows: number): SqlDice {
  const nth = (position: string, values: readonly string[]) =>
    `ELT(${position}, ${values.map((value) => quote(value))})`;
  // CRC32 alone is linear: two columns would differ by the same bits in every row. The upper half of a product does not.
  const roll = (column: string, sides: number) =>
    `((CRC32(CONCAT(${quote(`${seed} ${table} ${column} `)}, seq)) * 2654435761 >> 32) % ${sides})`;
  return {
    roll,
    pick: (column, values, sides = values.length) => nth(`1 + ${roll(column, sides)}`, values),
    rarely(column, values, every) {
      const others = rows - values.length;
      return nth(`IF(seq > ${others}, seq - ${others}, 1 + ${roll(column, values.length * every)})`, values);
    },
    moment({ from, to }) {
      const step = Math.max(1, Math.floor((Date.parse(to) - Date.parse(from)) / rows));
      return `TIMESTAMP '${from} 00:00:00' + INTERVAL (seq * ${step} - 1 - ${roll('moment', step)}) * 1000 MICROSECOND`;
    },
  };
}
