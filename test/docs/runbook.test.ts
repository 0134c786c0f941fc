import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { projectRoot } from '../../infra/setup/local-folder.ts';

let page: string;
let code: string;
beforeAll(async () => {
  page = await readFile(join(projectRoot, 'docs/runbook.md'), 'utf8');
  const folders = ['functions', 'shared'].map(async (folder) => {
    const paths = await readdir(join(projectRoot, folder), { recursive: true });
    const sources = paths.filter((path) => /(?<!\.test)\.ts$/.test(path));
    return Promise.all(sources.map((path) => readFile(join(projectRoot, folder, path), 'utf8')));
  });
  code = (await Promise.all(folders)).flat(2).join('\n');
});

/** Finds the codes, and the messages and fields in queries of the logs, that do not occur in the code. */
function unknownWords(text: string): string[] {
  const codes = [...text.matchAll(/`([A-Z]+_[A-Z_]+)`/g)].map(([, word = '']) => word);
  const queries = [...text.matchAll(/jsonPayload\.message=(\([^)]+\)|"[^"]+")/g)].flatMap(([, query = '']) =>
    [...query.matchAll(/"([^"]+)"/g)].map(([, message = '']) => message),
  );
  const fields = [...text.matchAll(/jsonPayload\.(\w+)/g)].map(([, field = '']) => field);
  return [
    ...[...codes, ...queries].filter((word) => !code.includes(`'${word}'`)),
    ...fields.filter((field) => !new RegExp(`\\b${field}\\b(?=[:,]| })`).test(code)),
  ];
}

it('each code and each line that the runbook names is one of the code', () => {
  expect(unknownWords(page)).toEqual([]);
  const faulty = page
    .replaceAll('WEBHOOK_FAILED', 'WEBHOOK_LOST')
    .replace('"requeued"', '"queued again"')
    .replace('jsonPayload.code', 'jsonPayload.kode');
  expect(unknownWords(faulty)).toEqual(expect.arrayContaining(['WEBHOOK_LOST', 'queued again', 'kode']));
});

it('each permanent fault that fails a record has its row', () => {
  const permanent = [...code.matchAll(/new ReportError\(\s*'([A-Z_]+)',[^;]*?kind: 'permanent'/g)].map(
    ([, found = '']) => found,
  );
  const untold = ['NOT_WANTED'];
  expect(permanent.length).toBeGreaterThan(8);
  expect(permanent.filter((found) => !untold.includes(found) && !page.includes(`\`${found}\``))).toEqual([]);
});
