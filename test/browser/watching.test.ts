import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { en } from '../../functions/download-center/page/texts/en.ts';
import { eventually } from '../support/eventually.ts';
import { expectRightFile } from '../support/expect-right-file.ts';
import { withdrawals } from '../support/orders.ts';
import { startTestSystem, type TestSystem } from '../support/test-system.ts';
import { openBrowser, type Visitors } from '../support/visitors.ts';

jest.setTimeout(90_000);

const REPORT = 'Withdrawals by user tag';

let system: TestSystem;
let visitors: Visitors;
beforeAll(async () => {
  system = await startTestSystem({ purpose: 'browser-watching', demo: { rows: 500 } });
  visitors = await openBrowser(system);
});
afterEach(async () => {
  await system?.endFaults();
  await visitors?.leave();
});
afterAll(async () => {
  await visitors?.close();
  await system?.stop();
});

/** Runs `work` while the database lacks this table. */
async function without<T>(table: string, work: () => Promise<T>): Promise<T> {
  await system.mariaDb.sql(`RENAME TABLE ${table} TO ${table}_moved`);
  try {
    return await work();
  } finally {
    await system.mariaDb.sql(`RENAME TABLE ${table}_moved TO ${table}`);
  }
}

it('a finished report’s page says about what it cost', async () => {
  const visitor = await visitors.admit();
  const { id } = await visitor.admin.run(withdrawals);
  await visitor.open(`/downloads/${id}`);
  const facts = visitor.page.locator('dl').first();
  await facts.getByText(en.record.cost).waitFor();
  expect(await facts.getByText(/^\$0\.0+\d{1,2}$/).count()).toBe(1);
});

describe('a report under way', () => {
  it('is cancelled from the list, and may be asked for again, also where the filter leaves that out', async () => {
    const visitor = await visitors.admit();
    const { page } = visitor;
    await system.lockTable('plt_fund.vs_withdraw');
    const { id } = await visitor.admin.ask(withdrawals);
    await visitor.showsStatus('QUERYING');
    const cancel = visitor.action(en.action.cancel, REPORT);
    await cancel.click();
    await visitor.button(en.action.cancelNo).click();
    await visitor.button(en.action.cancelNo).waitFor({ state: 'detached' });
    expect((await visitor.admin.record(id)).status).toBe('QUERYING');
    await cancel.focus();
    await page.keyboard.press('Enter');
    await visitor.button(en.action.cancelYes).waitFor();
    await visitor.screenshot('cancel');
    await visitor.button(en.action.cancelYes).press('Enter');
    await visitor.showsStatus('CANCELLED');
    await eventually(async () => (await visitor.focused()) === en.list.details(REPORT));
    await visitor.screenshot('cancelled');
    expect((await visitor.admin.record(id)).status).toBe('CANCELLED');

    await system.endFaults();
    await visitor.choose(en.record.status, en.status.CANCELLED);
    await visitor.action(en.action.retry, REPORT).click();
    await page.getByRole('link', { name: en.action.viewReport }).click();
    const again = await visitor.comesToRecord();
    await visitor.showsStatus('COMPLETED');

    await page.goBack();
    await visitor.showsStatus('CANCELLED');
    expect(await visitor.listed()).toEqual([id]);
    await visitor.choose(en.record.status, en.list.anyStatus);
    await visitor.showsStatus('COMPLETED');
    expect(await visitor.listed()).toEqual([again, id]);
  });
});

it('downloads of one report are told apart by what they were asked with, and the details have the file’s format and language', async () => {
  const visitor = await visitors.admit();
  const { page, admin } = visitor;
  const order = { ...withdrawals, locale: 'zh-CN' };
  await admin.run(order);
  await admin.run({ ...withdrawals, conditions: { tagIds: [2], from: '2026-03-01', to: '2026-03-31' } });
  const lines = page.locator('tr[data-row-key]');
  await lines.filter({ hasText: 'Mar 1, 2026 – Mar 31, 2026 · Tags: Newly registered' }).waitFor();
  const other = lines.filter({ hasText: 'Jan 1, 2026 – Jun 30, 2026 · Tags: VIP, Newly registered' });
  await other.getByRole('link').click();
  await visitor.comesToRecord();
  const fact = (name: string) => page.locator('dt', { hasText: name }).locator('+ dd');
  await fact(en.request.format).getByText('CSV', { exact: true }).waitFor();
  await fact(en.request.locale).getByText('简体中文', { exact: true }).waitFor();
});

it('a file without rows says so', async () => {
  const visitor = await visitors.admit();
  await visitor.admin.run({ ...withdrawals, conditions: { tagIds: [1], from: '2020-01-01', to: '2020-01-31' } });
  await visitor.text(en.record.noRows(en.status.COMPLETED)).waitFor();
});

describe('a report that failed', () => {
  it('says why and what to do, and is ready on a retry once the cause is mended', async () => {
    const visitor = await visitors.admit();
    const { page, admin } = visitor;
    const { id } = await without('plt_fund.vs_withdraw', async () => {
      const failed = await admin.run(withdrawals);
      await visitor.open(`/downloads/${failed.id}`);
      await visitor.showsStatus('FAILED');
      return failed;
    });
    const note = page.getByRole('group', { name: en.failure.heading });
    await note.getByText(en.failure.refused.reason).waitFor();
    await note.getByText(en.failure.refused.advice).waitFor();
    await note.getByText('Withdrawals (plt_fund.vs_withdraw)').waitFor();
    const technical = note.getByText(/^QUERY_REFUSED: .*doesn't exist/);
    expect(await technical.isVisible()).toBe(false);
    await note.getByText(en.failure.technical).click();
    await technical.waitFor();
    await visitor.screenshot('failed');

    await visitor.action(en.action.retry, REPORT).click();
    await page.waitForURL((url) => !url.pathname.endsWith(id));
    await visitor.showsStatus('COMPLETED');
    await expectRightFile(system.mariaDb, admin, await admin.record(await visitor.comesToRecord()));
  });
});

describe('another’s report', () => {
  it('is in no list of a second admin, nor behind its link, and its file is not theirs', async () => {
    const owner = await visitors.admit();
    const { id } = await owner.admin.run(withdrawals);
    await owner.action(en.action.download, REPORT).waitFor();

    const other = await visitors.admit({ departmentId: owner.person.departmentId });
    other.expect(/status of 404/);
    await other.text(en.list.empty).waitFor();
    await other.page.getByRole('searchbox', { name: en.list.search }).fill(`${system.origin}/downloads/${id}`);
    await other.button(en.list.find).click();
    expect(await other.comesToRecord()).toBe(id);
    await other.text(en.record.notFound).waitFor();
    await other.screenshot('not-found');
    for (const path of ['', '/file', '/preview']) {
      const answer = await other.page.context().request.get(`${system.origin}/v1/downloads/${id}${path}`);
      expect([path, answer.status()]).toEqual([path, 404]);
    }
  });

  it('is watched, previewed and downloaded by a reader of the department, but not cancelled or retried', async () => {
    const departmentId = 'shared';
    const [owner, reader] = await Promise.all([
      visitors.come({ departmentId }),
      visitors.admit({ departmentId, roles: ['finance', 'risk-control', 'downloads.department'] }),
    ]);
    await reader.text(en.list.empty).waitFor();
    await reader.choose(en.list.scope, en.list.scopes.department);
    await system.lockTable('plt_fund.vs_withdraw');
    const { id } = await owner.admin.ask(withdrawals);
    await reader.showsStatus('QUERYING');
    await reader.action(en.action.copyLink, REPORT).waitFor();
    expect(await reader.action(en.action.cancel, REPORT).count()).toBe(0);
    await owner.admin.cancel(id);
    await reader.showsStatus('CANCELLED');
    expect(await reader.action(en.action.retry, REPORT).count()).toBe(0);
    await system.endFaults();
    await owner.admin.run({ ...withdrawals, conditions: { ...withdrawals.conditions, phone: '13800138000' } });
    await reader.showsStatus('COMPLETED');
    await reader.text(en.record.withheld).first().waitFor();
    await reader.text(en.person(owner.person.adminId, departmentId)).first().waitFor();
    await reader.screenshot('department');
    await Promise.all([reader.page.waitForEvent('download'), reader.action(en.action.download, REPORT).click()]);
    await reader.action(en.action.preview, REPORT).click();
    await reader.page.getByRole('dialog').getByRole('table').waitFor();

    const outsider = await visitors.admit({ departmentId, roles: ['downloads.department'] });
    await outsider.choose(en.list.scope, en.list.scopes.department);
    await outsider.text(en.record.closed).waitFor();
    await outsider.text(en.record.closedReason).waitFor();
    expect(await outsider.action(en.action.download, REPORT).count()).toBe(0);
    await outsider.screenshot('closed');
  });
});
