import { expect, it } from '@jest/globals';
import { readPage } from './markdown.ts';

/** Returns the code of a report that the README quotes, and the path of the file that it names. */
function quoteIn(readme: string): { code: string; path: string } {
  const [, section = ''] = /^## Add a report\n(.*?)^## /ms.exec(readme) ?? [];
  const [, path = ''] = /\]\((shared\/reports\/[\w-]+\.ts)\)/.exec(section) ?? [];
  const [, code = ''] = /^```ts\n(.*?)^```$/ms.exec(section) ?? [];
  return { code, path };
}

it('what the README shows of a report is in the report', async () => {
  const readme = await readPage('README.md');
  const { code, path } = quoteIn(readme.text);
  const { text: report } = await readPage(path);
  expect(code.split('\n').length).toBeGreaterThan(10);
  expect(report).toContain(code);
  // With this change, the report would lack the last day.
  const { code: faulty } = quoteIn(readme.text.replace('dayAfter(to)', 'to'));
  expect(report).not.toContain(faulty);
});
