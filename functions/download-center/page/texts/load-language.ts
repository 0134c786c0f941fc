import type { Locale as AntdLocale } from 'antd/es/locale/index.js';
import type { Locale } from '../../../../shared/api-client/types.ts';
import type { Texts } from './en.ts';

/** A language's texts: the page's and Ant Design's. */
export interface Language {
  texts: Texts;
  antd: AntdLocale;
}

const LOADERS: Record<Locale, () => Promise<{ language: Language }>> = {
  en: () => import('./language-en.ts'),
  'zh-TW': () => import('./language-zh-tw.ts'),
  'zh-CN': () => import('./language-zh-cn.ts'),
};

const loaded = new Map<Locale, Promise<Language>>();

/**
 * Returns the same promise on each call, so that React's `use` accepts it. Only the languages that are shown are
 * loaded.
 */
export function loadLanguage(locale: Locale): Promise<Language> {
  const promise = loaded.get(locale) ?? LOADERS[locale]().then(({ language }) => language);
  loaded.set(locale, promise);
  // A later call may succeed.
  promise.catch(() => loaded.delete(locale));
  return promise;
}
