import type { Locale } from './record.ts';

/**
 * Returns the center's locale for a BCP 47 tag, or undefined if the center does not support the language. Chinese has
 * two scripts: the tag's script decides or, if the tag has none, its region.
 */
export function localeOf(tag: string): Locale | undefined {
  const [language, ...subtags] = tag.toLowerCase().split('-');
  if (language === 'en') return 'en';
  if (language !== 'zh') return undefined;
  const script = subtags.find((subtag) => subtag === 'hant' || subtag === 'hans');
  const isTraditional = script === undefined ? subtags.some((subtag) => TRADITIONAL.has(subtag)) : script === 'hant';
  return isTraditional ? 'zh-TW' : 'zh-CN';
}

const TRADITIONAL: ReadonlySet<string> = new Set(['tw', 'hk', 'mo']);

/** Returns the locale of the first tag that the center supports, or English. The tags are in order of preference. */
export function preferredLocale(tags: readonly string[]): Locale {
  for (const tag of tags) {
    const locale = localeOf(tag);
    if (locale) return locale;
  }
  return 'en';
}
