import type { Locale } from './record.ts';

/** The center's language for a BCP 47 tag, or undefined if it speaks none such. Chinese is written in two ways: the tag's script decides, and where it has none, its region. */
export function localeOf(tag: string): Locale | undefined {
  const [language, ...subtags] = tag.toLowerCase().split('-');
  if (language === 'en') return 'en';
  if (language !== 'zh') return undefined;
  const script = subtags.find((subtag) => subtag === 'hant' || subtag === 'hans');
  const isTraditional = script === undefined ? subtags.some((subtag) => TRADITIONAL.has(subtag)) : script === 'hant';
  return isTraditional ? 'zh-TW' : 'zh-CN';
}

const TRADITIONAL: ReadonlySet<string> = new Set(['tw', 'hk', 'mo']);

/** The first of the tags, the preferred first, that the center speaks, else English. */
export function preferredLocale(tags: readonly string[]): Locale {
  for (const tag of tags) {
    const locale = localeOf(tag);
    if (locale) return locale;
  }
  return 'en';
}
