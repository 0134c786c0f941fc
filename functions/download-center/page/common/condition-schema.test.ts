import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { describeConditions } from './condition-schema.ts';
import { formatFor } from './format.ts';

const title = (en: string) => ({ en, 'zh-TW': `${en} 台`, 'zh-CN': `${en} 中` });
const schema = z.toJSONSchema(
  z.object({
    tagIds: z.array(z.int()).meta({ 'x-title': title('Tags'), 'x-options': [{ value: 2, title: title('Two') }] }),
    from: z.iso.date(),
  }),
) as object;

it('conditions are told as the form names them', () => {
  expect(
    describeConditions(schema, { tagIds: [2, 3], from: '2026-01-01', gone: { a: 1 } }, 'en', formatFor('en')),
  ).toEqual([
    { name: 'tagIds', title: 'Tags', values: ['Two', '3'] },
    { name: 'from', title: 'from', values: ['Jan 1, 2026'] },
    { name: 'gone', title: 'gone', values: ['{"a":1}'] },
  ]);
});
