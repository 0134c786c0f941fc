import { defineTable } from '../catalogue/define-table.ts';

/** Payments that admins handled, in the fund service. A refund has a negative amount. */
export const payment = defineTable({
  name: 'plt_fund.vs_payment',
  title: { en: 'Payments', 'zh-TW': '付款', 'zh-CN': '付款' },
  columns: {
    id: 'bigint unsigned not null',
    order_no: 'varchar(32) not null',
    admin_id: 'bigint unsigned not null',
    amount: 'decimal(20,4) not null',
    method: 'varchar(32) not null',
    status: 'varchar(16) not null',
    remark: 'text',
    pay_time: 'datetime(3)',
    create_time: 'datetime(3) not null',
  },
  primaryKey: ['id'],
  indexes: [['admin_id'], ['pay_time']],
});
