import { z } from 'zod';
import { dayAfter, period, periodInOrder } from '../catalogue/days.ts';
import { defineReport } from '../catalogue/define-report.ts';
import { userTagRelation } from '../tables/user-tag-relation.ts';
import { withdraw } from '../tables/withdraw.ts';

/**
 * Every withdrawal of a period, with its user's tags if there are any. Designed for millions of rows: the withdrawals
 * stream through the join and nothing is sorted, so their order is unspecified. The join holds the tags in memory.
 */
export const withdrawals = defineReport({
  id: 'withdrawals',
  version: 1,
  title: { en: 'Withdrawals', 'zh-TW': '提現報表', 'zh-CN': '提现报表' },
  conditions: z.object(period).check(periodInOrder),
  example: { from: '2026-01-01', to: '2026-06-30' },
  stages: [
    {
      tags: { table: userTagRelation, query: (rows) => rows.select('user_id', 'tag_name') },
      withdrawals: {
        table: withdraw,
        query: (rows, { from, to }) =>
          rows
            .select('order_no', 'user_id', 'amount', 'fee', 'currency', 'status', 'bank_name', 'remark', 'create_time')
            .where('create_time', '>=', from)
            .where('create_time', '<', dayAfter(to)),
      },
    },
  ],
  join: `
    SELECT w.*, t.tag_name
    FROM withdrawals w LEFT JOIN tags t USING (user_id)`,
  columns: {
    order_no: { en: 'Order', 'zh-TW': '訂單號', 'zh-CN': '订单号' },
    user_id: { en: 'User', 'zh-TW': '用戶', 'zh-CN': '用户' },
    tag_name: { en: 'Tag', 'zh-TW': '標籤', 'zh-CN': '标签' },
    amount: { en: 'Amount', 'zh-TW': '金額', 'zh-CN': '金额' },
    fee: { en: 'Fee', 'zh-TW': '手續費', 'zh-CN': '手续费' },
    currency: { en: 'Currency', 'zh-TW': '幣別', 'zh-CN': '币种' },
    status: { en: 'Status', 'zh-TW': '狀態', 'zh-CN': '状态' },
    bank_name: { en: 'Bank', 'zh-TW': '銀行', 'zh-CN': '银行' },
    remark: { en: 'Remark', 'zh-TW': '備註', 'zh-CN': '备注' },
    create_time: { en: 'Requested at', 'zh-TW': '申請時間', 'zh-CN': '申请时间' },
  },
});
