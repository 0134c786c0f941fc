import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { en, type Texts } from '../../functions/download-center/page/texts/en.ts';
import type { LocalPerson as Person } from '../../infra/local-system/person.ts';
import { localFolder } from '../../infra/setup/local-folder.ts';
import type { Admin } from './admin.ts';
import { eventually } from './eventually.ts';
import type { TestSystem } from './test-system.ts';

/** The folder for screenshots of each state, which the tests leave for inspection. */
const SCREENSHOTS = join(localFolder, 'screenshots');

/** Whether the focus is visible as an outline or a shadow, on the element or on what is drawn around a field. */
const FOCUS_SHOWS = `[document.activeElement, document.activeElement.closest('.ant-select, .ant-input-number, .ant-input-affix-wrapper')].some((element) => {
  const style = element && getComputedStyle(element);
  return style && (style.outlineStyle !== 'none' || style.boxShadow !== 'none');
})`;

type Status = keyof Texts['status'];

/** A person who uses the page, in a browser context of their own. */
export class Visitor {
  readonly page: Page;
  readonly person: Person;
  /** The same person as a client of the API, with a token of their own. */
  readonly admin: Admin;
  readonly #system: TestSystem;
  /** The console messages about requests that the page makes although they may be refused. */
  readonly #expected = [/status of (400|401|409) /];

  constructor(page: Page, system: TestSystem, person: Person, admin: Admin) {
    this.page = page;
    this.person = person;
    this.admin = admin;
    this.#system = system;
  }

  /**
   * Permits a console message, in addition to those about requests refused for their content, the lack of a session, or
   * a conflict.
   */
  expect(message: RegExp): void {
    this.#expected.push(message);
  }

  expects(message: string): boolean {
    return this.#expected.some((expected) => expected.test(message));
  }

  open(path: string) {
    return this.page.goto(this.#system.origin + path);
  }

  get path(): string {
    return new URL(this.page.url()).pathname;
  }

  /** Signs in like a person: from the page's sign-in screen through the development sign-in page and back. */
  async signIn(texts: Texts = en): Promise<void> {
    const { page, person } = this;
    await page.getByRole('link', { name: texts.signIn.button, exact: true }).click();
    await page.locator('#admin').fill(person.adminId);
    await page.locator('#department').fill(person.departmentId);
    await page.locator('#roles').fill((person.roles ?? []).join(' '));
    await page.getByRole('button').click();
    await this.isIn(texts);
  }

  /** Sets the session cookie that a sign-in leaves, without signing in; optionally that of another person. */
  async takeSession(person = this.person): Promise<void> {
    const value = await this.#system.token(person);
    // A secure cookie is accepted only for https, but sent to localhost nevertheless.
    const url = this.#system.origin.replace(/^http:/, 'https:');
    const attributes = { httpOnly: true, secure: true, sameSite: 'Strict' } as const;
    await this.page.context().addCookies([{ name: '__Host-session', value, url, ...attributes }]);
  }

  /** Resolves when the page shows who is signed in. */
  async isIn(texts: Texts = en): Promise<void> {
    const { adminId, departmentId } = this.person;
    const header = this.page.getByRole('banner');
    await header.getByText(texts.person(adminId, departmentId), { exact: true }).waitFor();
  }

  button(name: string, within: Page | Locator = this.page): Locator {
    return within.getByRole('button', { name, exact: true });
  }

  /** Returns an action beside a record, by the label for people who cannot see which record it is beside. */
  action(action: string, report: string): Locator {
    return this.button(en.action.label(action, report));
  }

  text(text: string | RegExp): Locator {
    return this.page.getByText(text);
  }

  /** The request form. */
  get form(): Locator {
    return this.page.getByRole('dialog');
  }

  /** Resolves when the form has received the focus. */
  async formHasFocus(): Promise<void> {
    await this.page.locator('.ant-drawer:focus-within').waitFor();
  }

  /** Opens a control's options and selects one. */
  async choose(label: string, option: string, within: Page | Locator = this.page): Promise<void> {
    await within.getByLabel(label, { exact: true }).click();
    await this.page.locator('.ant-select-dropdown:visible').getByText(option, { exact: true }).click();
  }

  /** Opens the request form and selects a report. */
  async beginRequest(report: string, texts: Texts = en): Promise<void> {
    await this.button(texts.request.open).click();
    await this.choose(texts.request.report, report, this.form);
  }

  /** Fills in both days of the period, as ISO dates. */
  async fillPeriod(from: string, to: string): Promise<void> {
    await this.form.getByLabel(en.request.startDate, { exact: true }).fill(from);
    await this.form.getByLabel(en.request.endDate, { exact: true }).fill(to);
  }

  /** Returns the record ids of the list's rows. */
  listed(): Promise<string[]> {
    const rows = this.page.locator('tr[data-row-key]');
    return rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-row-key') ?? ''));
  }

  /** Resolves when the page shows a record with this status. */
  async showsStatus(status: Status, texts: Texts = en): Promise<void> {
    await this.page.locator(`[data-status="${status}"]`).getByText(texts.status[status]).first().waitFor();
  }

  /** Returns the label of the focused element, or else its text. */
  focused(): Promise<string> {
    return this.page.evaluate<string>(`(() => {
      const { activeElement } = document;
      return (activeElement.ariaLabel ?? activeElement.labels?.[0]?.textContent ?? activeElement.textContent).trim();
    })()`);
  }

  /**
   * Presses Tab until the named element has the focus. Throws if it never receives it, or if the focus is not visible
   * there.
   */
  async tabTo(name: string): Promise<void> {
    const passed: string[] = [];
    while (passed.at(-1) !== name) {
      if (passed.length > 60) throw new Error(`Tab never comes to ${name}, but to ${passed.join(', ')}`);
      await this.page.keyboard.press('Tab');
      passed.push(await this.focused());
    }
    if (!(await this.page.evaluate<boolean>(FOCUS_SHOWS))) throw new Error(`nothing shows the focus on ${name}`);
  }

  async screenshot(state: string): Promise<void> {
    await mkdir(SCREENSHOTS, { recursive: true });
    // A dialog is no larger than the window.
    const fullPage = (await this.page.getByRole('dialog').count()) === 0;
    await this.page.screenshot({ path: join(SCREENSHOTS, `${state}.png`), fullPage });
  }

  /**
   * Returns what axe reports for the current state of the page, one line per element; by all of its rules unless some
   * are named.
   */
  async violations(rules: string[] = []): Promise<string[]> {
    // The page has no frames, for which axe's other mode opens a separate page.
    const axe = new AxeBuilder({ page: this.page }).setLegacyMode();
    const { violations } = await (rules.length > 0 ? axe.withRules(rules) : axe).analyze();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
  }

  /** Returns `light` or `dark`. */
  colorScheme(): Promise<string> {
    return this.page.evaluate('document.documentElement.style.colorScheme');
  }

  /** Returns the number of pixels by which the document is wider than the window. */
  overflow(): Promise<number> {
    return this.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  }

  /** Resolves to the id of the record whose view the page opens. */
  comesToRecord(): Promise<string> {
    return eventually(() => /^\/downloads\/(.+)$/.exec(this.path)?.[1]);
  }
}
