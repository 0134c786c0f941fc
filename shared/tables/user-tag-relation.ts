import { defineTable } from '../catalogue/define-table.ts';

/** The tags that operators gave to users, in the user service. */
export const userTagRelation = defineTable({
  name: 'plt_user.vs_user_tag_relation',
  title: { en: 'User tags', 'zh-TW': '用戶標籤', 'zh-CN': '用户标签' },
  columns: {
    id: 'bigint unsigned not null',
    user_id: 'bigint unsigned not null',
    tag_id: 'int unsigned not null',
    tag_name: 'varchar(64) not null',
    operator: 'varchar(64)',
    create_time: 'datetime(3) not null',
  },
  primaryKey: ['id'],
  indexes: [['user_id'], ['tag_id', 'user_id']],
});
