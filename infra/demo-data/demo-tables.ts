import type { Table } from '../../shared/catalogue/define-table.ts';
import { admin } from '../../shared/tables/admin.ts';
import { payment } from '../../shared/tables/payment.ts';
import { userTagRelation } from '../../shared/tables/user-tag-relation.ts';
import { withdraw } from '../../shared/tables/withdraw.ts';
import { type Period, type SqlRandom, sqlRandom } from './sql-random.ts';
import {
  awkwardNames,
  awkwardRemarks,
  banks,
  extremeAmounts,
  givenNames,
  ordinaryRemarks,
  surnames,
  tagNames,
} from './texts.ts';

/** The period of the rows' times, which are spread evenly over it in the order of the ids. */
const demoPeriod: Period = { from: '2026-01-01', to: '2026-07-01' };

/** Admin 1 is alone in this department; the other admins are spread over departments 1 to 20. */
export const departmentOfOne = 100;

/** The number of rows of each table. */
export interface DemoCounts {
  readonly withdrawals: number;
  /** The users with tags. One withdrawal in 17 is made by a user without. */
  readonly users: number;
  /** Assigned to the users in turn: with as many tags as users, each user has exactly one. */
  readonly tags: number;
  readonly payments: number;
  readonly admins: number;
}

/** A table, its number of rows, and the SQL expression over `seq` for each of its columns. */
export interface DemoTable {
  readonly table: Table;
  readonly rows: number;
  readonly columns: Readonly<Record<string, string>>;
}

/** The same seed and counts always give the same rows. */
export const demoTables = (seed: number, counts: DemoCounts): DemoTable[] => [
  demoTable(seed, withdraw, counts.withdrawals, (random) => ({
    id: 'seq',
    order_no: `CONCAT('W', LPAD(seq, 9, '0'), LPAD(${random.integer('order_no', 10_000)}, 4, '0'))`,
    user_id: `1 + ${random.integer('user_id', Math.ceil((counts.users * 17) / 16))}`,
    amount: amount(random),
    fee: `${random.integer('fee', 1_000_000)} / 10000`,
    currency: random.pick('currency', ['TWD', 'CNY', 'USD', 'HKD']),
    status: random.pick('status', ['PENDING', 'APPROVED', 'REJECTED', 'PAID']),
    bank_name: random.pick('bank_name', banks, banks.length + 1),
    account_name: personName(random),
    phone: `IF(${random.integer('phone', 12)} = 0, NULL, CONCAT('1', 3000000000 + ${random.integer('phone number', 4_000_000_000)}))`,
    remark: remark(random),
    create_time: random.instant(demoPeriod),
    finish_time: `IF(${random.integer('status', 4)} = 0, NULL, ${laterOn(random)})`,
  })),
  demoTable(seed, userTagRelation, counts.tags, (random) => ({
    id: 'seq',
    user_id: `1 + (seq - 1) % ${counts.users}`,
    tag_id: `1 + ${random.integer('tag', tagNames.length)}`,
    tag_name: random.pick('tag', tagNames),
    operator: random.pick('operator', ['system', '客服一組', '風控部'], 4),
    create_time: random.instant(demoPeriod),
  })),
  demoTable(seed, payment, counts.payments, (random) => ({
    // Like a snowflake id: larger than a double represents exactly.
    id: '1970000000000000000 + seq',
    order_no: `CONCAT('P', LPAD(seq, 9, '0'), LPAD(${random.integer('order_no', 10_000)}, 4, '0'))`,
    admin_id: `1 + ${random.integer('admin_id', counts.admins)}`,
    // One in ten is a refund. The sign is text: arithmetic negation would convert the amount to a double.
    amount: `CONCAT(IF(${random.integer('refund', 10)} = 0, '-', ''), ${amount(random)})`,
    method: random.pick('method', ['銀行轉帳', '信用卡', 'Alipay', 'LINE Pay', '街口支付']),
    status: random.pick('status', ['PENDING', 'PAID', 'FAILED', 'REFUNDED']),
    remark: remark(random),
    pay_time: `IF(${random.integer('status', 4)} = 0, NULL, ${laterOn(random)})`,
    create_time: random.instant(demoPeriod),
  })),
  demoTable(seed, admin, counts.admins, (random) => ({
    id: 'seq',
    account: "CONCAT('admin', seq)",
    name: personName(random),
    department_id: `IF(seq = 1, ${departmentOfOne}, 1 + ${random.integer('department_id', 20)})`,
    role: random.pick('role', ['finance', 'risk', 'support', 'manager']),
    email: `IF(${random.integer('email', 8)} = 0, NULL, CONCAT('admin', seq, '@example.com'))`,
    enabled: `${random.integer('enabled', 10)} > 0`,
    last_login_time: `IF(${random.integer('login', 5)} = 0, NULL, ${laterOn(random)})`,
    create_time: random.instant(demoPeriod),
  })),
];

/** The types require an expression for every column of the table. */
function demoTable<ColumnName extends string>(
  seed: number,
  table: Table<string, ColumnName>,
  rows: number,
  columns: (random: SqlRandom) => Record<NoInfer<ColumnName>, string>,
): DemoTable {
  return { table, rows, columns: columns(sqlRandom(seed, table.name, rows)) };
}

const amount = ({ integer, occasionally }: SqlRandom): string =>
  `COALESCE(${occasionally('extreme', extremeAmounts, 1000)}, ${integer('amount', 100_000_000)} / 10000)`;

const personName = ({ pick, occasionally }: SqlRandom): string =>
  `COALESCE(${occasionally('awkward name', awkwardNames, 200)}, CONCAT(${pick('surname', surnames)}, ${pick('given name', givenNames)}))`;

const remark = ({ pick, occasionally }: SqlRandom): string =>
  `COALESCE(${occasionally('awkward remark', awkwardRemarks, 20)}, ${pick('remark', ordinaryRemarks, 3 * ordinaryRemarks.length)})`;

/** Up to a day after the row's time. */
const laterOn = ({ integer, instant }: SqlRandom): string =>
  `${instant(demoPeriod)} + INTERVAL ${integer('later', 86_400_000)} * 1000 MICROSECOND`;
