import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import { en, type Texts } from '../../functions/download-center/page/texts/en.ts';
import { zhCn } from '../../functions/download-center/page/texts/zh-cn.ts';
import { zhTw } from '../../functions/download-center/page/texts/zh-tw.ts';
import type { ReportDescription } from '../../shared/api-client/types.ts';
import { condition } from '../../shared/catalogue/condition.ts';
import { eventually } from '../support/eventually.ts';
import { startTestSystem, type TestSystem } from '../support/test-system.ts';
import type { Visitor } from '../support/visitor.ts';
import { openBrowser, type Visitors } from '../support/visitors.ts';

jest.setTimeout(90_000);

const REPORT = 'Withdrawals by user tag';

let system: TestSystem;
let visitors: Visitors;
beforeAll(async () => {
  system = await startTestSystem({ purpose: 'browser-filling-in', demo: { rows: 500 } });
  visitors = await openBrowser(system);
});
afterEach(() => visitors?.leave());
afterAll(async () => {
  await visitors?.close();
  await system?.stop();
});

describe('a day of the period', () => {
  it('is what was typed, and Enter after it sends nothing', async () => {
    const visitor = await visitors.admit();
    const { keyboard } = visitor.page;
    await visitor.beginRequest(REPORT);
    await visitor.button(en.request.presets.last7Days).click();
    await visitor.choose('Tags', 'VIP', visitor.form);
    const last = visitor.form.getByLabel(en.request.endDate, { exact: true });
    await last.focus();
    await keyboard.type('11202026');
    await keyboard.press('Enter');
    expect(await last.inputValue()).toBe('2026-11-20');
    expect(await visitor.admin.newest()).toBeUndefined();
    await visitor.button(en.request.submit).click();
    const { conditions } = await visitor.admin.record(await visitor.comesToRecord());
    expect(conditions).toMatchObject({ to: '2026-11-20' });
  });

  it('is picked from a calendar that Escape closes alone', async () => {
    const visitor = await visitors.admit();
    const { keyboard } = visitor.page;
    await visitor.beginRequest(REPORT);
    await visitor.button(en.request.presets.last7Days).click();
    const last = visitor.form.getByLabel(en.request.endDate, { exact: true });
    const day = await last.inputValue();
    await last.focus();
    await keyboard.press('Alt+ArrowDown');
    await keyboard.press('Escape');
    expect(await last.inputValue()).toBe(day);
    await visitor.formHasFocus();
    await keyboard.press('Escape');
    await visitor.form.waitFor({ state: 'detached' });
  });

  it('is asked for while it is missing', async () => {
    const visitor = await visitors.admit();
    await visitor.beginRequest(REPORT);
    await visitor.choose('Tags', 'VIP', visitor.form);
    await visitor.form.getByLabel(en.request.startDate, { exact: true }).fill('2026-01-01');
    await visitor.button(en.request.submit).click();
    await visitor.form.getByText(en.request.choose(en.request.period)).waitFor();
    await visitor.screenshot('ask-half-a-period');
    const last = visitor.form.getByLabel(en.request.endDate, { exact: true });
    await last.focus();
    await visitor.page.keyboard.type('02302026');
    await visitor.button(en.request.submit).click();
    await visitor.form.getByText(en.request.noSuchDay).waitFor();
    expect(await visitor.admin.newest()).toBeUndefined();
  });
});

it('another report has a form of its own, but for the period, if it has one', async () => {
  const visitor = await visitors.admit();
  const { form } = visitor;
  const first = form.getByLabel(en.request.startDate, { exact: true });
  const phone = form.getByLabel('Phone', { exact: true });
  await visitor.beginRequest(REPORT);
  await first.fill('2026-01-01');
  await phone.fill('138');
  await visitor.choose(en.request.report, 'Withdrawals', form);
  expect(await first.inputValue()).toBe('2026-01-01');
  await visitor.choose(en.request.report, 'Payments by admin', form);
  await visitor.choose(en.request.report, REPORT, form);
  expect([await first.inputValue(), await phone.inputValue()]).toEqual(['', '']);
});

describe.each<[lang: string, browser: string, texts: Texts, report: string, shown: string]>([
  ['English', 'zh-TW', en, REPORT, 'Jun 30, 2026'],
  ['繁體中文', 'en-US', zhTw, '標籤用戶提現報表', '2026年6月30日'],
  ['简体中文', 'en-US', zhCn, '标签用户提现报表', '2026年6月30日'],
])('in %s, chosen in a browser of %s', (language, locale, texts, report, shown) => {
  it('a day is asked for and shown in the page’s language, but for the moment in which it is typed', async () => {
    const visitor = await visitors.come({}, { locale });
    await visitor.takeSession();
    await visitor.open('/');
    const spoken = locale === 'en-US' ? en : zhTw;
    await visitor.isIn(spoken);
    await visitor.choose(spoken.language, language);
    await visitor.isIn(texts);
    await visitor.beginRequest(report, texts);
    const first = visitor.form.getByLabel(texts.request.startDate, { exact: true });
    const last = visitor.form.getByLabel(texts.request.endDate, { exact: true });
    const words = visitor.form.locator('.date-text');
    await eventually(async () => (await words.allTextContents()).every((text) => text === texts.request.chooseDate));
    await last.fill('2026-06-30');
    await first.focus();
    expect([await words.first().isVisible(), await words.last().isVisible()]).toEqual([false, true]);
    expect(await words.last().textContent()).toBe(shown);
    // The text that the browser would show is below it, invisible.
    const colors =
      "[...document.querySelectorAll('.date-input > input')].map((input) => getComputedStyle(input).color)";
    expect(await visitor.page.evaluate(colors)).toEqual(['rgba(0, 0, 0, 0.88)', 'rgba(0, 0, 0, 0)']);

    // A date that is half typed is not a date yet, and must stay visible.
    await first.pressSequentially('11');
    await last.focus();
    expect(await words.first().isVisible()).toBe(false);
    await visitor.screenshot(`days-${language}`);
  });
});

/** For a report with a condition of each kind that the samples lack, as the catalogue would describe it. */
const named = (en: string) => ({ title: { en, 'zh-TW': en, 'zh-CN': en } });
const schema = z.strictObject({
  day: condition(z.iso.date(), named('Day')),
  least: condition(z.number().min(0.5).max(99), named('Least amount')),
  top: condition(z.int().positive().default(10), named('Top')),
  refunded: condition(z.boolean(), named('Refunded')),
  phone: condition(z.string().max(16).optional(), named('Phone')),
});

/**
 * Replaces the visitor's catalogue with that report alone. Returns the conditions that the page sends to be checked,
 * which a test validates against the schema, as the API would.
 */
async function offerEveryKind({ page }: Visitor): Promise<unknown[]> {
  const checked: unknown[] = [];
  await page.route('**/v1/reports', async (route) => {
    const { reports } = (await (await route.fetch()).json()) as { reports: ReportDescription[] };
    const conditions = z.toJSONSchema(schema, { io: 'input' });
    await route.fulfill({
      json: { reports: [{ ...reports[0], title: named(REPORT).title, conditions, example: {} }] },
    });
  });
  await page.route('**/v1/downloads:check', (route) => {
    checked.push(route.request().postDataJSON().conditions);
    return route.fulfill({ json: { outcome: 'new' } });
  });
  return checked;
}

describe('a condition that is a day, a number, yes or no, or a text', () => {
  it('is filled in by keyboard, and asked as what it is', async () => {
    const visitor = await visitors.come();
    const checked = await offerEveryKind(visitor);
    await visitor.takeSession();
    await visitor.open('/');
    await visitor.isIn();
    await visitor.beginRequest(REPORT);
    const { keyboard } = visitor.page;
    const field = (label: string) => visitor.form.getByLabel(label, { exact: true });

    await visitor.tabTo('Day');
    await keyboard.type('06302026');
    await visitor.tabTo('Least amount');
    await keyboard.type('12.5');
    await visitor.tabTo('Top');
    expect(await field('Top').inputValue()).toBe('10');
    await visitor.tabTo('Refunded');
    await keyboard.press('Space');
    await visitor.tabTo('Phone');
    await keyboard.type('138');
    await visitor.screenshot('ask-every-kind');
    await eventually(() => checked.at(-1) && schema.safeParse(checked.at(-1)).data?.phone === '138');
    expect(checked.at(-1)).toEqual({ day: '2026-06-30', least: 12.5, top: 10, refunded: true, phone: '138' });
    expect(await visitor.violations()).toEqual([]);
  });

  it('is asked for while it is missing, and kept within its limits', async () => {
    const visitor = await visitors.come();
    const checked = await offerEveryKind(visitor);
    await visitor.takeSession();
    await visitor.open('/');
    await visitor.isIn();
    await visitor.beginRequest(REPORT);
    await visitor.button(en.request.submit).click();
    for (const missing of [en.request.choose('Day'), en.request.required('Least amount')])
      await visitor.form.getByText(missing, { exact: true }).waitFor();
    await visitor.screenshot('ask-every-kind-required');
    expect(checked).toEqual([]);

    await visitor.form.getByLabel('Day', { exact: true }).fill('2026-06-30');
    const least = visitor.form.getByLabel('Least amount', { exact: true });
    await least.fill('1000');
    await least.blur();
    expect(await least.inputValue()).toBe('99');
    await eventually(() => checked.at(-1));
    expect(checked.at(-1)).toMatchObject({ day: '2026-06-30', least: 99, top: 10 });
  });
});
