import { expect, it } from '@jest/globals';
import { localeOf, preferredLocale } from './locale.ts';

it.each([
  ['en', 'en'],
  ['en-GB', 'en'],
  ['zh', 'zh-CN'],
  ['zh-CN', 'zh-CN'],
  ['zh-SG', 'zh-CN'],
  ['zh-TW', 'zh-TW'],
  ['zh-HK', 'zh-TW'],
  ['zh-MO', 'zh-TW'],
  ['zh-Hant', 'zh-TW'],
  ['zh-Hant-CN', 'zh-TW'],
  ['ZH-hant-tw', 'zh-TW'],
  ['zh-Hans', 'zh-CN'],
  ['zh-Hans-HK', 'zh-CN'],
  ['fr-FR', undefined],
  ['zhuang', undefined],
  ['enm', undefined],
  ['*', undefined],
  ['', undefined],
])('the tag "%s" is spoken as %s', (tag, locale) => {
  expect(localeOf(tag)).toBe(locale);
});

it.each([
  [['en-GB', 'zh-TW'], 'en'],
  [['fr-FR', 'de', 'zh-HK', 'en'], 'zh-TW'],
  [['zhuang', 'enm', 'fr'], 'en'],
  [[], 'en'],
])('of the tags %j the preferred is %s', (tags, locale) => {
  expect(preferredLocale(tags)).toBe(locale);
});
