import { defineTable } from '../catalogue/define-table.ts';

/** Withdrawals that users requested, in the fund service. */
export const withdraw = defineTable({
  name: 'plt_fund.vs_withdraw',
  title: { en: 'Withdrawals', 'zh-TW': '提現', 'zh-CN': '提现' },
  columns: {
    id: 'bigint unsigned not null',
    order_no: 'varchar(32) not null',
    user_id: 'bigint unsigned not null',
    amount: 'decimal(20,4) not null',
    fee: 'decimal(20,4) not null',
    currency: 'char(3) not null',
    status: "enum('PENDING','APPROVED','REJECTED','PAID') not null",
    bank_name: 'varchar(64)',
    account_name: 'varchar(64) not null',
    phone: 'varchar(20)',
    remark: 'text',
    create_time: 'datetime(3) not null',
    finish_time: 'datetime(3)',
  },
  primaryKey: ['id'],
  indexes: [['user_id'], ['create_time']],
  sensitive: {
    account_name: { mask: 'name', clearFor: ['risk-control'] },
    phone: { mask: 'phone', clearFor: ['risk-control'] },
  },
});
