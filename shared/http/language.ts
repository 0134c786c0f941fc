import type { Locale } from '../domain/record.ts';

/** The language to answer in: the first of Accept-Language's tags, the preferred first, that the center speaks, else English. */
export function languageOf(tags: readonly string[]): Locale {
  for (const tag of tags) {
    const language = localeOf(tag);
    if (language) return language;
  }
  return 'en';
}

/** Chinese is written in two ways; a tag names the script, or a region that has one. */
function localeOf(tag: string): Locale | undefined {
  if (/^en\b/i.test(tag)) return 'en';
  if (!/^zh\b/i.test(tag)) return undefined;
  return /hant|\b(tw|hk|mo)\b/i.test(tag) && !/hans/i.test(tag) ? 'zh-TW' : 'zh-CN';
}
