import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalMariaDb, startMariaDb } from '../../infra/local-servers/mariadb.ts';
import { runFolder } from '../../infra/local-servers/run-folder.ts';
import { compileQuery } from './compile-query.ts';
import { createTableSql, defineTable } from './define-table.ts';
import { maskedColumns } from './mask.ts';

const user = defineTable({
  name: 'plt_user.vs_user',
  title: { en: 'Rows', 'zh-TW': '資料', 'zh-CN': '数据' },
  columns: { id: 'bigint unsigned not null', phone: 'varchar(20)', name: 'varchar(64)', city: 'varchar(32)' },
  primaryKey: ['id'],
  indexes: [['city']],
  sensitive: {
    phone: { mask: 'phone', clearFor: ['risk'] },
    name: { mask: 'name', clearFor: ['risk'] },
  },
});
const PHONE = 'plt_user.vs_user.phone';
const NAME = 'plt_user.vs_user.name';

let folder: Awaited<ReturnType<typeof runFolder>>;
let mariaDb: LocalMariaDb;
beforeAll(async () => {
  folder = await runFolder('test-mask');
  mariaDb = await startMariaDb({ dir: folder.path });
  await mariaDb.sql('CREATE DATABASE plt_user CHARACTER SET utf8mb4');
  await mariaDb.sql(createTableSql(user));
});
afterAll(async () => {
  await mariaDb?.stop();
  await folder?.remove();
});

const source = { name: 'users', stage: 0, table: user };

describe('of a masked column is seen', () => {
  it.each<[column: 'phone' | 'name', value: string | null, seen: string | null]>([
    ['phone', '13812348000', '138****8000'],
    ['phone', '+886912345678', '+88****5678'],
    ['phone', '91234567', '****67'],
    ['phone', '0912345678', '****78'],
    ['phone', '123456', '****'],
    ['phone', '', ''],
    ['phone', null, null],
    ['name', '陳大文', '陳**'],
    ['name', '𠮷野家', '𠮷**'],
    ['name', "O'Brien", 'O**'],
    ['name', '陳', '**'],
    ['name', '', ''],
    ['name', null, null],
  ])('%s %p as %p', async (column, value, seen) => {
    await mariaDb.sql('REPLACE INTO plt_user.vs_user (id, ??) VALUES (1, ?)', [column, value]);
    const view = `(SELECT ${maskedColumns(user, [PHONE, NAME])} FROM plt_user.vs_user) AS vs_user`;
    expect(await mariaDb.sql(`SELECT ?? AS seen FROM ${view} WHERE id = 1`, [column])).toEqual([{ seen }]);
  });
});

it('what is not to be masked is read from the table itself', () => {
  expect(maskedColumns(user, [])).toBeUndefined();
  expect(maskedColumns(user, ['plt_fund.vs_withdraw.phone'])).toBeUndefined();
});

it('what is to be masked and cannot be is not read at all', () => {
  expect(() => maskedColumns(user, [PHONE, 'plt_user.vs_user.city'])).toThrow('plt_user.vs_user.city is to be masked');
});

it('a column that is not to be masked is shown beside one that is', async () => {
  await mariaDb.sql("REPLACE INTO plt_user.vs_user VALUES (1, '13812348000', '陳大文', '臺北')");
  const [row] = await mariaDb.sql(`SELECT ${maskedColumns(user, [PHONE])} FROM plt_user.vs_user`);
  expect(row).toMatchObject({ phone: '138****8000', name: '陳大文', city: '臺北' });
});

it('no query gets behind the mask: not its filters, not its expressions', async () => {
  await mariaDb.sql("REPLACE INTO plt_user.vs_user VALUES (1, '13812348000', '陳大文', '臺北')");
  const ask = async (masked: string[], query: Parameters<typeof compileQuery>[0]['query']) => {
    const { sql, bindings } = compileQuery({ ...source, query }, { conditions: {}, masked });
    return mariaDb.sql(sql, [...bindings]);
  };
  const byPhone: typeof query = (rows) => rows.select('id').where('vs_user.phone', '13812348000');
  const query = (rows: Parameters<Parameters<typeof ask>[1]>[0]) => rows.select('id').whereRaw("phone LIKE '1381%'");
  expect(await ask([], byPhone)).toEqual([{ id: 1 }]);
  expect(await ask([PHONE], byPhone)).toEqual([]);
  expect(await ask([PHONE], query)).toEqual([]);
});

it('the table’s indexes serve as ever', async () => {
  await mariaDb.sql('TRUNCATE plt_user.vs_user');
  await mariaDb.sql('INSERT INTO plt_user.vs_user SELECT seq, seq, seq, seq % 1000 FROM plt_user.seq_1_to_20000');
  await mariaDb.sql('ANALYZE TABLE plt_user.vs_user');
  const { sql, bindings } = compileQuery(
    { ...source, query: (rows) => rows.select('id', 'phone').where('city', '7') },
    { conditions: {}, masked: [PHONE] },
  );
  const plan = await mariaDb.sql<{ key: string; table: string }>(`EXPLAIN ${sql}`, [...bindings]);
  expect(plan).toMatchObject([{ table: 'vs_user', key: 'city' }]);
});
