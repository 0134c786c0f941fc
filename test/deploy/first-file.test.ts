import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { startMariaDb } from '../../infra/local-servers/mariadb.ts';
import { runFolder } from '../../infra/local-servers/run-folder.ts';
import { withdrawals } from '../../shared/reports/withdrawals.ts';
import { compileSource } from '../support/compile-source.ts';
import { readmeScript } from './instructions.ts';
import { commandsOf, SAID, writtenBy } from './printed-commands.ts';
import { runDeploy } from './run-deploy.ts';

it('the README’s database has a row for the report that it asks for', async () => {
  const readme = await readmeScript();
  const smoke = (await commandsOf(readme)).find((command) => command.includes('smoke')) ?? [];
  expect(smoke).toContain(withdrawals.id);
  const conditions = JSON.parse(smoke[smoke.indexOf('--conditions') + 1] ?? '');

  const { stdout: schema } = await runDeploy(['schema']);
  const statements = (await writtenBy(readme, '.local/schema.sql')).replace(SAID, schema).split(/;\n/);
  const folder = await runFolder('test');
  const db = await startMariaDb({ dir: join(folder.path, 'mariadb') });
  try {
    for (const statement of statements.filter((text) => text.trim() !== '')) await db.sql(statement);
    const [{ sql, bindings } = { sql: '', bindings: [] }] = await compileSource(withdrawals, 'withdrawals', conditions);
    expect(await db.sql(sql, bindings)).toMatchObject([{ order_no: 'W1' }]);
  } finally {
    await db.stop();
    await folder.remove();
  }
}, 60_000);
