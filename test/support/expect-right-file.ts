import { expect } from '@jest/globals';
import { crc32c } from '@node-rs/crc32';
import type { LocalMariaDb } from '../../infra/local-servers/mariadb.ts';
import type { DownloadRecord } from '../../shared/api-client/types.ts';
import type { Admin, Order } from './admin.ts';
import { readCsv } from './read-csv.ts';

type Cell = string | null;

/**
 * An independent definition of a report: its header, and its join as one query over all databases, which only root may
 * run.
 */
interface Expectation {
  header: string;
  sql: string;
  /** The conditions in the order of the query's placeholders. */
  values: string[];
}

const EXPECTATIONS: Record<string, Expectation> = {
  'withdrawals-by-user-tag': {
    header: 'Order,User,Tag,Amount,Fee,Currency,Status,Bank,Account holder,Phone,Remark,Requested at',
    sql: `
      SELECT w.order_no, w.user_id, t.tag_name, w.amount, w.fee, w.currency, w.status, w.bank_name, w.account_name,
             w.phone, w.remark, w.create_time
      FROM plt_fund.vs_withdraw w JOIN plt_user.vs_user_tag_relation t ON t.user_id = w.user_id
      WHERE t.tag_id IN (?) AND w.create_time >= ? AND w.create_time < ? + INTERVAL 1 DAY
      ORDER BY BINARY w.order_no, BINARY t.tag_name`,
    values: ['tagIds', 'from', 'to'],
  },
  'payments-by-admin': {
    header: 'Admin,Admin name,Department,Order,Amount,Method,Status,Remark,Paid at',
    sql: `
      SELECT p.admin_id, a.name, a.department_id, p.order_no, p.amount, p.method, p.status, p.remark, p.pay_time
      FROM plt_fund.vs_payment p JOIN plt_account.vs_admin a ON a.id = p.admin_id
      WHERE a.department_id IN (?)
      ORDER BY p.admin_id, BINARY p.order_no`,
    values: ['departmentIds'],
  },
};

/**
 * Asserts that the record's file is, byte for byte, what one server returns for a join of all the tables. Resolves to
 * its rows.
 */
export async function expectRightFile(
  mariaDb: LocalMariaDb,
  admin: Admin,
  record: DownloadRecord,
): Promise<string[][]> {
  expect({ status: record.status, failure: record.failure }).toEqual({ status: 'COMPLETED' });
  const expectation = EXPECTATIONS[record.report];
  if (!expectation) throw new Error(`no expectation on ${record.report}`);
  const { header, sql, values } = expectation;
  const conditions = record.conditions as Order['conditions'];
  const [file, expected] = await Promise.all([
    admin.download(record.id),
    mariaDb
      .sql(
        sql,
        values.map((name) => conditions[name]),
      )
      .then((rows) => rows.map(cellsOf)),
  ]);
  const text = file.toString('utf8');
  const rows = await readCsv(file);

  expect(rows[0]).toEqual(header.split(','));
  expect(firstDifference(rows.slice(1), expected)).toBeUndefined();
  // The parsed cells do not distinguish NULL from ''.
  expect(text === `\uFEFF${[header, ...expected.map(lineOf)].map((line) => `${line}\n`).join('')}`).toBe(true);
  expect({ rows: record.rows, bytes: record.bytes, crc32c: record.crc32c }).toEqual({
    rows: expected.length,
    bytes: file.length,
    crc32c: checksumOf(file),
  });
  return rows.slice(1);
}

/** Returns a row as the mysql client prints it, except for NULL. Numbers that a double cannot represent are text. */
function cellsOf(row: Record<string, unknown>): Cell[] {
  return Object.values(row).map((value) => (value === null ? null : guarded(String(value))));
}

/** Prefixes text that a spreadsheet would run as a formula with an apostrophe, except negative numbers. */
function guarded(text: string): string {
  return /^[=+\-@\t\r\n]/.test(text) && !/^-\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
}

/** Formats a line according to RFC 4180: quotes where they are needed, and around '' to distinguish it from NULL. */
function lineOf(cells: Cell[]): string {
  return cells
    .map((cell) =>
      cell === null ? '' : cell === '' || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell,
    )
    .join(',');
}

function firstDifference(actual: string[][], expected: Cell[][]) {
  for (let row = 0; row < Math.max(actual.length, expected.length); row++) {
    const cells = expected[row]?.map((cell) => cell ?? '');
    if (JSON.stringify(actual[row]) !== JSON.stringify(cells)) return { row, actual: actual[row], expected: cells };
  }
  return undefined;
}

/** Returns the CRC-32C in Cloud Storage's encoding. */
export function checksumOf(bytes: Buffer): string {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32c(bytes));
  return checksum.toString('base64');
}
