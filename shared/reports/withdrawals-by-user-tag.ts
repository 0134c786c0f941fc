import { z } from 'zod';
import { condition } from '../catalogue/condition.ts';
import { dayAfter, period, periodInOrder } from '../catalogue/days.ts';
import { defineReport } from '../catalogue/define-report.ts';
import { userTagRelation } from '../tables/user-tag-relation.ts';
import { withdraw } from '../tables/withdraw.ts';

/** The tags that the user service knows. */
const tagOptions = [
  { value: 1, title: { en: 'VIP', 'zh-TW': 'VIP 客戶', 'zh-CN': 'VIP 客户' } },
  { value: 2, title: { en: 'Newly registered', 'zh-TW': '新註冊', 'zh-CN': '新注册' } },
  { value: 3, title: { en: 'Large withdrawals', 'zh-TW': '高額提現', 'zh-CN': '高额提现' } },
  { value: 4, title: { en: 'At risk', 'zh-TW': '風險用戶', 'zh-CN': '风险用户' } },
  { value: 5, title: { en: 'Dormant', 'zh-TW': '沉睡用戶', 'zh-CN': '沉睡用户' } },
  { value: 6, title: { en: 'Agent', 'zh-TW': '代理商', 'zh-CN': '代理商' } },
  { value: 7, title: { en: 'Test account', 'zh-TW': '測試帳號', 'zh-CN': '测试账号' } },
  { value: 8, title: { en: 'Campaign participant', 'zh-TW': '活動參與者', 'zh-CN': '活动参与者' } },
  { value: 9, title: { en: 'Blacklist watch', 'zh-TW': '黑名單觀察', 'zh-CN': '黑名单观察' } },
  { value: 10, title: { en: 'Verified identity', 'zh-TW': '實名認證', 'zh-CN': '实名认证' } },
  { value: 11, title: { en: 'Overseas', 'zh-TW': '海外用戶', 'zh-CN': '海外用户' } },
  { value: 12, title: { en: 'Frequent trader', 'zh-TW': '高頻交易', 'zh-CN': '高频交易' } },
];

/**
 * Withdrawals of the users with certain tags: the user service and the fund service are read at the same time, and
 * their rows are joined by user.
 */
export const withdrawalsByUserTag = defineReport({
  id: 'withdrawals-by-user-tag',
  version: 1,
  title: { en: 'Withdrawals by user tag', 'zh-TW': '標籤用戶提現報表', 'zh-CN': '标签用户提现报表' },
  conditions: z
    .object({
      tagIds: condition(z.array(z.int().positive()).min(1).max(100), {
        title: { en: 'Tags', 'zh-TW': '標籤', 'zh-CN': '标签' },
        options: tagOptions,
      }),
      ...period,
      phone: condition(z.string().min(1).max(20), {
        title: { en: 'Phone', 'zh-TW': '手機', 'zh-CN': '手机' },
        column: [withdraw, 'phone'],
      }).optional(),
    })
    .check(periodInOrder),
  example: { tagIds: [1, 2], from: '2026-01-01', to: '2026-06-30' },
  stages: [
    {
      tags: {
        table: userTagRelation,
        query: (rows, { tagIds }) => rows.select('user_id', 'tag_name').whereIn('tag_id', tagIds),
      },
      withdrawals: {
        table: withdraw,
        query: (rows, { from, to, phone }) =>
          rows
            .select('order_no', 'user_id', 'amount', 'fee', 'currency', 'status', 'bank_name', 'account_name')
            .select('phone', 'remark', 'create_time')
            .where('create_time', '>=', from)
            .where('create_time', '<', dayAfter(to))
            .where(phone === undefined ? {} : { phone }),
      },
    },
  ],
  join: `
    SELECT w.*, t.tag_name
    FROM withdrawals w JOIN tags t USING (user_id)
    ORDER BY w.order_no, t.tag_name`,
  columns: {
    order_no: { en: 'Order', 'zh-TW': '訂單號', 'zh-CN': '订单号' },
    user_id: { en: 'User', 'zh-TW': '用戶', 'zh-CN': '用户' },
    tag_name: { en: 'Tag', 'zh-TW': '標籤', 'zh-CN': '标签' },
    amount: { en: 'Amount', 'zh-TW': '金額', 'zh-CN': '金额' },
    fee: { en: 'Fee', 'zh-TW': '手續費', 'zh-CN': '手续费' },
    currency: { en: 'Currency', 'zh-TW': '幣別', 'zh-CN': '币种' },
    status: { en: 'Status', 'zh-TW': '狀態', 'zh-CN': '状态' },
    bank_name: { en: 'Bank', 'zh-TW': '銀行', 'zh-CN': '银行' },
    account_name: { en: 'Account holder', 'zh-TW': '戶名', 'zh-CN': '户名' },
    phone: { en: 'Phone', 'zh-TW': '手機', 'zh-CN': '手机' },
    remark: { en: 'Remark', 'zh-TW': '備註', 'zh-CN': '备注' },
    create_time: { en: 'Requested at', 'zh-TW': '申請時間', 'zh-CN': '申请时间' },
  },
});
