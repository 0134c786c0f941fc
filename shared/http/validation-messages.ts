import { z } from 'zod';
import type { Locale, Localized } from '../domain/record.ts';

type ErrorMap = z.core.$ZodErrorMap;
type Issue = Parameters<ErrorMap>[0];

/** zod's own messages, for every issue that has no message here. */
const ZOD: Record<Locale, ErrorMap> = {
  en: z.locales.en().localeError,
  'zh-TW': z.locales.zhTW().localeError,
  'zh-CN': z.locales.zhCN().localeError,
};

const MISSING = { en: 'is required', 'zh-TW': '必填', 'zh-CN': '必填' };

/** Messages for an expected type or format, where zod's own contain the names of its types. */
const KINDS: Record<string, Localized> = {
  string: { en: 'must be text', 'zh-TW': '必須是文字', 'zh-CN': '必须是文本' },
  number: { en: 'must be a number', 'zh-TW': '必須是數字', 'zh-CN': '必须是数字' },
  int: { en: 'must be a whole number', 'zh-TW': '必須是整數', 'zh-CN': '必须是整数' },
  boolean: { en: 'must be true or false', 'zh-TW': '必須是 true 或 false', 'zh-CN': '必须是 true 或 false' },
  array: { en: 'must be a list', 'zh-TW': '必須是清單', 'zh-CN': '必须是列表' },
  object: { en: 'must be an object', 'zh-TW': '必須是物件', 'zh-CN': '必须是对象' },
  record: { en: 'must be an object', 'zh-TW': '必須是物件', 'zh-CN': '必须是对象' },
  date: {
    en: 'must be a date, such as 2026-01-31',
    'zh-TW': '必須是日期，例如 2026-01-31',
    'zh-CN': '必须是日期，例如 2026-01-31',
  },
  uuid: { en: 'must be an ID', 'zh-TW': '必須是編號', 'zh-CN': '必须是编号' },
};

const items = (bound: string) => `${bound} ${bound === '1' ? 'item' : 'items'}`;
const characters = (bound: string) => `${bound} ${bound === '1' ? 'character' : 'characters'}`;

/**
 * Messages for the bound of a number, depending on whether the bound itself is allowed, and for the size of a list or
 * text.
 */
const BOUNDS: Record<string, (bound: string) => Localized> = {
  'too_small number true': (bound) => ({
    en: `must be at least ${bound}`,
    'zh-TW': `不得小於 ${bound}`,
    'zh-CN': `不得小于 ${bound}`,
  }),
  'too_small number false': (bound) => ({
    en: `must be greater than ${bound}`,
    'zh-TW': `必須大於 ${bound}`,
    'zh-CN': `必须大于 ${bound}`,
  }),
  'too_big number true': (bound) => ({
    en: `must be at most ${bound}`,
    'zh-TW': `不得大於 ${bound}`,
    'zh-CN': `不得大于 ${bound}`,
  }),
  'too_big number false': (bound) => ({
    en: `must be less than ${bound}`,
    'zh-TW': `必須小於 ${bound}`,
    'zh-CN': `必须小于 ${bound}`,
  }),
  'too_small array true': (bound) => ({
    en: `must contain at least ${items(bound)}`,
    'zh-TW': `至少要有 ${bound} 項`,
    'zh-CN': `至少要有 ${bound} 项`,
  }),
  'too_big array true': (bound) => ({
    en: `can contain at most ${items(bound)}`,
    'zh-TW': `最多 ${bound} 項`,
    'zh-CN': `最多 ${bound} 项`,
  }),
  'too_small string true': (bound) => ({
    en: `must have at least ${characters(bound)}`,
    'zh-TW': `至少 ${bound} 個字元`,
    'zh-CN': `至少 ${bound} 个字符`,
  }),
  'too_big string true': (bound) => ({
    en: `can have at most ${characters(bound)}`,
    'zh-TW': `最多 ${bound} 個字元`,
    'zh-CN': `最多 ${bound} 个字符`,
  }),
};

const NUMBERS = ['int', 'bigint'];

/** Returns an error map with messages for people who fill in a form; zod's own are for programmers. */
export const validationMessages =
  (language: Locale): ErrorMap =>
  (issue) =>
    wordsOf(issue)?.[language] ?? ZOD[language](issue);

function wordsOf(issue: Issue): Localized | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? MISSING : KINDS[issue.expected];
    case 'invalid_format':
      return KINDS[issue.format];
    case 'invalid_value': {
      if (issue.input === undefined) return MISSING;
      const listed = issue.values.join('、');
      return {
        en: `must be one of ${issue.values.join(', ')}`,
        'zh-TW': `只能是 ${listed}`,
        'zh-CN': `只能是 ${listed}`,
      };
    }
    case 'too_small':
      return boundOf(issue, issue.minimum);
    case 'too_big':
      return boundOf(issue, issue.maximum);
    default:
      return undefined;
  }
}

function boundOf(issue: Issue & { origin: string; inclusive?: boolean }, bound: unknown): Localized | undefined {
  const origin = NUMBERS.includes(issue.origin) ? 'number' : issue.origin;
  return BOUNDS[`${issue.code} ${origin} ${issue.inclusive ?? true}`]?.(String(bound));
}
