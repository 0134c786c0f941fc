import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { en } from '../../functions/download-center/page/texts/en.ts';
import { eventually } from '../support/eventually.ts';
import { checksumOf, expectRightFile } from '../support/expect-right-file.ts';
import { addWideWithdrawals, withdrawals } from '../support/orders.ts';
import { readCsv } from '../support/read-csv.ts';
import { startTestSystem, type TestSystem } from '../support/test-system.ts';
import type { Visitor } from '../support/visitor.ts';
import { openBrowser, type Visitors } from '../support/visitors.ts';

jest.setTimeout(90_000);

const WITHDRAWALS = 'query-plt-fund-vs-withdraw';
const REPORT = 'Withdrawals by user tag';

let system: TestSystem;
let visitors: Visitors;
beforeAll(async () => {
  system = await startTestSystem({
    purpose: 'browser-asking',
    demo: { rows: 500 },
    proxied: { [WITHDRAWALS]: 'TABLE_DATABASE_URL' },
  });
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

/** Fills in the form for `withdrawals`, or for a longer period. */
async function fillIn(visitor: Visitor, to = '2026-06-30'): Promise<void> {
  await visitor.beginRequest(REPORT);
  await visitor.choose('Tags', 'VIP', visitor.form);
  await visitor.choose('Tags', 'Newly registered', visitor.form);
  await visitor.fillPeriod('2026-01-01', to);
}

/** Clicks on the download, and returns what the browser saves. */
async function download(visitor: Visitor): Promise<{ name: string; bytes: Buffer }> {
  const [saved] = await Promise.all([
    visitor.page.waitForEvent('download'),
    visitor.action(en.action.download, REPORT).click(),
  ]);
  return { name: saved.suggestedFilename(), bytes: await readFile(await saved.path()) };
}

describe('whoever has not signed in', () => {
  it('is led to the sign-in, back to where they came from, and out again', async () => {
    const visitor = await visitors.come();
    const { page } = visitor;
    const { id } = await visitor.admin.run(withdrawals);
    await visitor.open(`/downloads/${id}`);
    await page.getByRole('heading', { name: en.signIn.heading }).waitFor();
    await visitor.screenshot('signed-out');
    await visitor.signIn();
    expect(visitor.path).toBe(`/downloads/${id}`);
    await visitor.showsStatus('COMPLETED');
    expect(await page.context().cookies(system.origin)).toEqual([
      expect.objectContaining({
        name: '__Host-session',
        httpOnly: true,
        secure: true,
        sameSite: 'Strict',
        path: '/',
      }),
    ]);

    await visitor.button(en.signIn.signOut).click();
    await page.getByRole('heading', { name: en.signIn.heading }).waitFor();
    expect(await page.context().cookies(system.origin)).toEqual([]);
    await eventually(async () => (await page.title()) === en.title);
  });
});

describe('a report', () => {
  it('is asked for by its form, watched as it goes on, previewed and downloaded', async () => {
    await addWideWithdrawals(system.mariaDb);
    const visitor = await visitors.admit();
    const { page, admin } = visitor;
    await page.evaluate('window.loadedOnce = true');
    await fillIn(visitor, '2030-01-01');
    await visitor.screenshot('ask-filled');
    system.proxy(WITHDRAWALS).holdReplies(1_000_000);
    await visitor.button(en.request.submit).click();
    const id = await visitor.comesToRecord();
    await visitor.showsStatus('QUERYING');
    const share = page.getByRole('progressbar', { name: /^Withdrawals \(/ });
    await eventually(async () => Number(await share.getAttribute('aria-valuenow')) > 0);
    await visitor
      .text(/^[1-9][\d,]* rows$/)
      .first()
      .waitFor();
    await visitor.screenshot('querying');
    await system.endFaults();
    await visitor.showsStatus('COMPLETED');
    expect(await page.evaluate('window.loadedOnce')).toBe(true);
    await visitor.screenshot('completed');

    const { name, bytes } = await download(visitor);
    expect(name).toMatch(/^Withdrawals by user tag-\d{4}-\d\d-\d\d-\d{4}\.csv$/);
    const record = await admin.record(id);
    expect(record.history.map(({ status }) => status)).toEqual(['QUEUED', 'QUERYING', 'WRITING', 'COMPLETED']);
    expect(record.conditions).toEqual({ tagIds: [1, 2], from: '2026-01-01', to: '2030-01-01' });
    await expectRightFile(system.mariaDb, admin, record);
    expect(bytes.equals(await admin.download(id))).toBe(true);

    await visitor.action(en.action.preview, REPORT).click();
    const [header = [], ...rows] = await readCsv(bytes);
    const table = page.getByRole('dialog').getByRole('table');
    await table.waitFor();
    expect(await table.getByRole('columnheader').allTextContents()).toEqual(header);
    expect(await table.getByRole('cell').allTextContents()).toEqual(rows.slice(0, 50).flat());
    await visitor.screenshot('preview');
  });

  it('is downloaded under its Chinese name', async () => {
    const visitor = await visitors.admit();
    const order = { ...withdrawals, locale: 'zh-TW' };
    const { id, crc32c } = await visitor.admin.run(order);
    await visitor.open(`/downloads/${id}`);
    const { name, bytes } = await download(visitor);
    expect(name).toMatch(/^標籤用戶提現報表-\d{4}-\d\d-\d\d-\d{4}\.csv$/);
    expect(checksumOf(bytes)).toBe(crc32c);
    expect((await readCsv(bytes))[0]).toContain('訂單號');
  });

  it('is not asked for before its form is filled, and what the server finds wrong is said at its field', async () => {
    const visitor = await visitors.admit();
    const { form } = visitor;
    await visitor.beginRequest('Payments by admin');
    await visitor.button(en.request.submit).click();
    await form.getByText(en.request.required('Departments')).waitFor();
    await visitor.screenshot('ask-required');
    const field = form.getByLabel('Departments', { exact: true });
    await field.fill('seven');
    await field.press('Enter');
    const fault = form.locator('.ant-form-item', { hasText: 'Departments' }).getByText(/must be a number/);
    await fault.waitFor();
    await visitor.screenshot('ask-server-fault');
    expect(await visitor.admin.newest()).toBeUndefined();

    await field.press('Backspace');
    await field.fill('3');
    await field.press('Enter');
    await fault.waitFor({ state: 'detached' });
    await visitor.choose('Status', 'Paid', form);
    await visitor.button(en.request.submit).click();
    const record = await visitor.admin.record(await visitor.comesToRecord());
    expect(record.conditions).toEqual({ departmentIds: [3], status: 'PAID' });
  });
});

describe('conditions that were run before', () => {
  it.each(['use the existing file', 'run again'])('offer to %s', async (offer) => {
    const visitor = await visitors.admit({}, { timezoneId: 'Asia/Taipei' });
    const { id, history } = await visitor.admin.run(withdrawals);
    const at = new Date(history.at(-1)?.at ?? '').toLocaleTimeString('en-GB', {
      timeZone: 'Asia/Taipei',
      timeStyle: 'short',
    });
    await fillIn(visitor);
    const use = visitor.page.getByRole('button', { name: new RegExp(`^Use existing file \\(.*${at}\\)$`) });
    await use.waitFor();
    await visitor.screenshot('ask-same-conditions');
    await (offer === 'run again' ? visitor.button(en.action.runAgain) : use).click();
    expect((await visitor.comesToRecord()) === id).toBe(offer === 'use the existing file');
    await visitor.showsStatus('COMPLETED');
  });
});

it('a request that is sent before the check has answered waits for it', async () => {
  const visitor = await visitors.admit();
  await visitor.admin.run(withdrawals);
  const answer = Promise.withResolvers<void>();
  await visitor.page.route('**/v1/downloads:check', async (route) => {
    await answer.promise;
    // The page may have abandoned this check for a later one.
    await route.continue().catch(() => {});
  });
  await fillIn(visitor);
  await visitor.button(en.request.submit).click();
  answer.resolve();
  const use = visitor.page.getByRole('button', { name: /^Use existing file/ });
  await use.waitFor();
  await eventually(async () => /^Use existing file/.test(await visitor.focused()));
});

describe('whoever has a report under way', () => {
  it.each([
    ['another', '2026-03-31', en.request.locked, true],
    ['the same', '2026-06-30', en.request.running, false],
  ])('is shown it when they ask for %s', async (_what, to, note, locked) => {
    const visitor = await visitors.admit();
    await system.lockTable('plt_fund.vs_withdraw');
    const { id } = await visitor.admin.ask(withdrawals);
    await fillIn(visitor, to);
    await visitor.text(note).waitFor();
    expect(await visitor.button(en.request.submit).isDisabled()).toBe(locked);
    await visitor.screenshot(locked ? 'ask-locked' : 'ask-running');
    await visitor.page.getByRole('link', { name: en.action.viewReport }).click();
    expect(await visitor.comesToRecord()).toBe(id);
    await visitor.showsStatus('QUERYING');
  });

  it.each(['any', 'another'])('can ask as soon as it has ended, the list showing %s status', async (shown) => {
    const visitor = await visitors.admit();
    if (shown === 'another') await visitor.choose(en.record.status, en.status.FAILED);
    await system.lockTable('plt_fund.vs_withdraw');
    const { id } = await visitor.admin.ask(withdrawals);
    await fillIn(visitor, '2026-03-31');
    await visitor.text(en.request.locked).waitFor();
    await system.endFaults();
    await visitor.text(en.request.locked).waitFor({ state: 'detached' });
    await visitor.button(en.request.submit).click();
    expect(await visitor.comesToRecord()).not.toBe(id);
    await visitor.showsStatus('COMPLETED');
  });
});

it('everything is reached by keyboard, and one sees where one is', async () => {
  const visitor = await visitors.admit();
  const { keyboard } = visitor.page;
  await visitor.tabTo(en.request.open);
  await keyboard.press('Enter');
  await visitor.formHasFocus();
  await keyboard.press('Escape');
  await visitor.form.waitFor({ state: 'detached' });
  expect(await visitor.focused()).toBe(en.request.open);

  await keyboard.press('Enter');
  await visitor.formHasFocus();
  await visitor.page.goBack();
  await visitor.form.waitFor({ state: 'detached' });
  expect(visitor.path).toBe('/');

  await keyboard.press('Enter');
  await visitor.formHasFocus();
  await visitor.tabTo(en.request.report);
  await keyboard.type(REPORT.slice(0, 1));
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await visitor.tabTo('Tags');
  await keyboard.type('VIP');
  await keyboard.press('Enter');
  await visitor.tabTo(en.request.startDate);
  await visitor.tabTo(en.request.endDate);
  await visitor.tabTo(en.request.presets.last7Days);
  await keyboard.press('Shift+Tab');
  expect(await visitor.focused()).toBe(en.request.endDate);
  await visitor.form.getByLabel(en.request.startDate, { exact: true }).focus();
  await keyboard.type('01012026');
  await keyboard.press('Enter');
  expect(await visitor.focused()).toBe(en.request.endDate);
  await keyboard.type('06302026');
  await visitor.screenshot('keyboard');
  await visitor.tabTo(en.request.submit);
  await keyboard.press('Enter');
  const id = await visitor.comesToRecord();
  await visitor.showsStatus('COMPLETED');
  expect(await visitor.focused()).toBe(REPORT);
  await visitor.tabTo(en.action.label(en.action.preview, REPORT));
  await keyboard.press('Enter');
  await visitor.page.getByRole('dialog').getByRole('table').waitFor();
  await keyboard.press('Escape');
  await visitor.page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await visitor.focused()).toBe(en.action.label(en.action.preview, REPORT));
  expect((await visitor.admin.record(id)).conditions).toEqual({ tagIds: [1], from: '2026-01-01', to: '2026-06-30' });
});
