import { defineTable } from '../catalogue/define-table.ts';

/** The admin portal's users, in the account service. */
export const admin = defineTable({
  name: 'plt_account.vs_admin',
  title: { en: 'Admins', 'zh-TW': '管理員', 'zh-CN': '管理员' },
  columns: {
    id: 'bigint unsigned not null',
    account: 'varchar(64) not null',
    name: 'varchar(64) not null',
    department_id: 'int unsigned not null',
    role: 'varchar(32) not null',
    email: 'varchar(128)',
    enabled: 'tinyint(1) not null',
    last_login_time: 'datetime(3)',
    create_time: 'datetime(3) not null',
  },
  primaryKey: ['id'],
  indexes: [['department_id'], ['account']],
});
