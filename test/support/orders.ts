import type { LocalMariaDb } from '../../infra/local-servers/mariadb.ts';
import type { Order } from './admin.ts';

/** One stage with two sources. */
export const withdrawals = {
  report: 'withdrawals-by-user-tag',
  conditions: { tagIds: [1, 2], from: '2026-01-01', to: '2026-06-30' },
} satisfies Order;

/** Two stages with one source each. */
export const payments = { report: 'payments-by-admin', conditions: { departmentIds: [1, 2, 3] } } satisfies Order;

/**
 * Few rows, but so wide (20 MB in total) that they exceed the sockets' buffers: if the client does not read them, the
 * server is certainly mid-stream.
 */
export const wideWithdrawals = {
  report: 'withdrawals-by-user-tag',
  conditions: { tagIds: Array.from({ length: 12 }, (_, index) => index + 1), from: '2030-01-01', to: '2030-01-01' },
} satisfies Order;

/** Inserts the rows that `wideWithdrawals` exports. */
export async function addWideWithdrawals(mariaDb: LocalMariaDb): Promise<void> {
  await mariaDb.sql(
    `INSERT INTO plt_fund.vs_withdraw
     SELECT 1000000 + seq, CONCAT('W9', seq), 1, '1', '0', 'TWD', 'PAID', NULL, 'x', NULL, REPEAT('x', 50000), '2030-01-01', NULL
     FROM plt_fund.seq_1_to_400`,
  );
}
