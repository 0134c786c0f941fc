import type { Table } from '../../shared/catalogue/define-table.ts';
import { admin } from '../../shared/tables/admin.ts';
import { payment } from '../../shared/tables/payment.ts';
import { userTagRelation } from '../../shared/tables/user-tag-relation.ts';
import { withdraw } from '../../shared/tables/withdraw.ts';
import { type Period, type SqlDice, sqlDice } from './random-sql.ts';
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

/** When everything in the demo tables happened: evenly over this time, in the order of the ids. */
const demoPeriod: Period = { from: '2026-01-01', to: '2026-07-01' };

/** Departments 1 to 20 share the admins. Admin 1 is alone in this one. */
export const departmentOfOne = 100;

/** How many rows each table gets. */
export interface DemoCounts {
  readonly withdrawals: number;
  /** Those with tags. One withdrawal in 17 is made by a user without. */
  readonly users: number;
  /** Given to users 1, 2, 3 and so on, and again from 1: with as many tags as users, each has exactly one. */
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
  demoTable(seed, withdraw, counts.withdrawals, (dice) => ({
    id: 'seq',
    order_no: `CONCAT('W', LPAD(seq, 9, '0'), LPAD(${dice.roll('order_no', 10_000)}, 4, '0'))`,
    user_id: `1 + ${dice.roll('user_id', Math.ceil((counts.users * 17) / 16))}`,
    amount: amount(dice),
    fee: `${dice.roll('fee', 1_000_000)} / 10000`,
    currency: dice.pick('currency', ['TWD', 'CNY', 'USD', 'HKD']),
    status: dice.pick('status', ['PENDING', 'APPROVED', 'REJECTED', 'PAID']),
    bank_name: dice.pick('bank_name', banks, banks.length + 1),
    account_name: personName(dice),
    phone: `IF(${dice.roll('phone', 12)} = 0, NULL, CONCAT('1', 3000000000 + ${dice.roll('phone number', 4_000_000_000)}))`,
    remark: remark(dice),
    create_time: dice.moment(demoPeriod),
    finish_time: `IF(${dice.roll('status', 4)} = 0, NULL, ${laterOn(dice)})`,
  })),
  demoTable(seed, userTagRelation, counts.tags, (dice) => ({
    id: 'seq',
    user_id: `1 + (seq - 1) % ${counts.users}`,
    tag_id: `1 + ${dice.roll('tag', tagNames.length)}`,
    tag_name: dice.pick('tag', tagNames),
    operator: dice.pick('operator', ['system', '客服一組', '風控部'], 4),
    create_time: dice.moment(demoPeriod),
  })),
  demoTable(seed, payment, counts.payments, (dice) => ({
    // As a snowflake id: more than a double holds exactly.
    id: '1970000000000000000 + seq',
    order_no: `CONCAT('P', LPAD(seq, 9, '0'), LPAD(${dice.roll('order_no', 10_000)}, 4, '0'))`,
    admin_id: `1 + ${dice.roll('admin_id', counts.admins)}`,
    // One in ten is a refund. As text: an arithmetic minus would make a double of it.
    amount: `CONCAT(IF(${dice.roll('refund', 10)} = 0, '-', ''), ${amount(dice)})`,
    method: dice.pick('method', ['銀行轉帳', '信用卡', 'Alipay', 'LINE Pay', '街口支付']),
    status: dice.pick('status', ['PENDING', 'PAID', 'FAILED', 'REFUNDED']),
    remark: remark(dice),
    pay_time: `IF(${dice.roll('status', 4)} = 0, NULL, ${laterOn(dice)})`,
    create_time: dice.moment(demoPeriod),
  })),
  demoTable(seed, admin, counts.admins, (dice) => ({
    id: 'seq',
    account: "CONCAT('admin', seq)",
    name: personName(dice),
    department_id: `IF(seq = 1, ${departmentOfOne}, 1 + ${dice.roll('department_id', 20)})`,
    role: dice.pick('role', ['finance', 'risk', 'support', 'manager']),
    email: `IF(${dice.roll('email', 8)} = 0, NULL, CONCAT('admin', seq, '@example.com'))`,
    enabled: `${dice.roll('enabled', 10)} > 0`,
    last_login_time: `IF(${dice.roll('login', 5)} = 0, NULL, ${laterOn(dice)})`,
    create_time: dice.moment(demoPeriod),
  })),
];

/** Every column of the table has its expression, or this does not compile. */
function demoTable<ColumnName extends string>(
  seed: number,
  table: Table<string, ColumnName>,
  rows: number,
  columns: (dice: SqlDice) => Record<NoInfer<ColumnName>, string>,
): DemoTable {
  return { table, rows, columns: columns(sqlDice(seed, table.name, rows)) };
}

const amount = ({ roll, rarely }: SqlDice): string =>
  `COALESCE(${rarely('extreme', extremeAmounts, 1000)}, ${roll('amount', 100_000_000)} / 10000)`;

const personName = ({ pick, rarely }: SqlDice): string =>
  `COALESCE(${rarely('awkward name', awkwardNames, 200)}, CONCAT(${pick('surname', surnames)}, ${pick('given name', givenNames)}))`;

const remark = ({ pick, rarely }: SqlDice): string =>
  `COALESCE(${rarely('awkward remark', awkwardRemarks, 20)}, ${pick('remark', ordinaryRemarks, 3 * ordinaryRemarks.length)})`;

/** Up to a day after the row's moment. */
const laterOn = ({ roll, moment }: SqlDice): string =>
  `${moment(demoPeriod)} + INTERVAL ${roll('later', 86_400_000)} * 1000 MICROSECOND`;
