import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';
import type { LocalPerson as Person } from '../../infra/local-system/person.ts';
import { ensureBrowser } from '../../infra/setup/ensure-servers.ts';
import { Admin } from './admin.ts';
import type { TestSystem } from './test-system.ts';
import { Visitor } from './visitor.ts';

/** People who visit the system's page, each in a browser context of their own. */
export interface Visitors {
  /**
   * Creates a new person, with no page open: by default in a department of their own, and permitted to see every column
   * in clear.
   */
  come(who?: Partial<Person>, options?: BrowserContextOptions): Promise<Visitor>;
  /** Creates a new person who is signed in and sees their downloads. */
  admit(who?: Partial<Person>, options?: BrowserContextOptions): Promise<Visitor>;
  /**
   * Closes all contexts. Throws if a page had an uncaught error or an unexpected console error, or if a token appeared
   * in a URL or in a storage that scripts can read.
   */
  leave(): Promise<void>;
  close(): Promise<void>;
}

/** Animations are reduced, so that the page stays still while it is inspected. */
const ORDINARY = { locale: 'en-US', reducedMotion: 'reduce', viewport: { width: 1280, height: 1000 } } as const;

/** The beginning of every JWT: `{"alg":` or similar, in base64url. */
const TOKEN = /eyJ[\w-]{10,}\.eyJ/;

export async function openBrowser(system: TestSystem): Promise<Visitors> {
  const browser: Browser = await chromium.launch({
    // In another locale, Chromium would name a download in ASCII only.
    env: { ...process.env, LANG: 'C.UTF-8' },
    executablePath: await ensureBrowser(),
    // Chromium has no sandbox for root.
    chromiumSandbox: process.getuid?.() !== 0,
  });
  const faults: string[] = [];
  const present: Visitor[] = [];
  let people = 0;

  const come: Visitors['come'] = async (who = {}, options = {}) => {
    const number = ++people;
    const person = {
      adminId: `visitor-${number}`,
      departmentId: `floor-${number}`,
      roles: ['finance', 'risk-control'],
      ...who,
    };
    const context = await browser.newContext({ ...ORDINARY, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const visitor = new Visitor(page, system, person, new Admin(system.origin, await system.token(person)));
    present.push(visitor);
    context.on('weberror', (error) => faults.push(`error: ${error.error().stack}`));
    context.on('console', (message) => {
      const said = `${message.text()} (${message.location().url})`;
      if (message.type() === 'error' && !visitor.expects(said)) faults.push(`console: ${said}`);
    });
    context.on('request', (request) => {
      if (TOKEN.test(request.url())) faults.push(`token in a URL: ${request.url()}`);
    });
    return visitor;
  };

  return {
    come,

    async admit(who, options) {
      const visitor = await come(who, options);
      await visitor.takeSession();
      await visitor.page.goto(system.origin);
      await visitor.isIn();
      return visitor;
    },

    async leave() {
      for (const { page } of present.splice(0)) {
        if (TOKEN.test(await storedBy(page.context()))) faults.push('token in a storage that scripts read');
        await page.context().close();
      }
      const found = faults.splice(0);
      if (found.length > 0) throw new Error(found.join('\n'));
    },

    close: () => browser.close(),
  };
}

/** Returns everything that the pages' scripts can have stored. */
async function storedBy(context: BrowserContext): Promise<string> {
  const stores = context
    .pages()
    // A page that was never opened has no origin, and therefore no storage.
    .filter((page) => page.url().startsWith('http'))
    .map((page) =>
      page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])'),
    );
  return (await Promise.all(stores)).join();
}
