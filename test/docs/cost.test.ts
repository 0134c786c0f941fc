import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { projectRoot } from '../../infra/setup/local-folder.ts';
import { estimateCost, type Usage } from '../../shared/domain/cost.ts';

let page: string;
let usage: Usage;
beforeAll(async () => {
  page = await readFile(join(projectRoot, 'docs/cost.md'), 'utf8');
  usage = JSON.parse(/^```json\n(.*?)^```$/ms.exec(page)?.[1] ?? '');
});

/** The example's figures on the page, by name. */
const figures = () =>
  Object.fromEntries(
    [...page.matchAll(/^\| \**`([\w.]+)`\** \| ([\d.]+) \|$/gm)].map(([, name = '', usd = '']) => [name, usd]),
  );

it('the example of docs/cost.md is what the code makes of it', () => {
  const { pricesOf, download, ...items } = estimateCost(usage);
  const downloads = Object.entries(download).map(([name, usd]) => [`download.${name}`, usd]);
  expect(figures()).toEqual({ ...items, ...Object.fromEntries(downloads) });
});

it('what the page says of it is true: the file is most of it, and a download costs more', () => {
  const { storage, total, download } = estimateCost(usage);
  expect(Number(storage)).toBeGreaterThan(Number(total) / 2);
  expect(Number(download.worldwide)).toBeGreaterThan(10 * Number(total));
});
