import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { formatFor } from '../common/format.ts';
import { summaryOf } from './summary.ts';

const title = (en: string) => ({ en, 'zh-TW': `${en} 台`, 'zh-CN': `${en} 中` });
const day = z.iso.date().meta({ 'x-title': title('Day') });
const schema = z.toJSONSchema(
  z.object({
    tagIds: z.array(z.int()).meta({ 'x-title': title('Tags'), 'x-options': [{ value: 1, title: title('VIP') }] }),
    from: day,
    to: day,
  }),
) as Record<string, unknown>;

it.each<[string, unknown, string]>([
  [
    'a period and a choice',
    { tagIds: [1, 2], from: '2026-01-01', to: '2026-06-30' },
    '2026年1月1日 – 2026年6月30日 · Tags 台：VIP 台、2',
  ],
  ['one day of a period', { from: '2026-01-01' }, 'Day 台：2026年1月1日'],
  ['what the report no longer has', { gone: true }, 'gone：true'],
  ['nothing', {}, ''],
  ['what is withheld', undefined, ''],
])('%s in a line', (_name, conditions, line) => {
  expect(summaryOf(schema, conditions, 'zh-TW', formatFor('zh-TW'))).toBe(line);
});
