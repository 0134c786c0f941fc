import type { Locale } from '../../../../shared/api-client/types.ts';

export type Appearance = 'system' | 'light' | 'dark';

/** What the page remembers of a person in this browser, and nothing else. */
export interface Settings {
  locale: Locale;
  appearance: Appearance;
}

export const LOCALES: readonly { value: Locale; label: string }[] = [
  { value: 'en', label: 'English' },
  { value: 'zh-TW', label: '繁體中文' },
  { value: 'zh-CN', label: '简体中文' },
];

export const APPEARANCES: readonly Appearance[] = ['system', 'light', 'dark'];

/** The first of the browser's languages that the page speaks, else English. Chinese is in traditional characters if its tag says so by script or by region. */
export function preferredLocale(languages: readonly string[]): Locale {
  for (const tag of languages.map((language) => language.toLowerCase())) {
    if (/^en\b/.test(tag)) return 'en';
    if (/^zh\b/.test(tag)) return isTraditional(tag) ? 'zh-TW' : 'zh-CN';
  }
  return 'en';
}

/** The script decides if it is given: zh-Hans-HK is simplified. */
function isTraditional(tag: string): boolean {
  return /-hant\b/.test(tag) || (!/-hans\b/.test(tag) && /-(tw|hk|mo)\b/.test(tag));
}

const KEY = 'settings';

/** What was chosen here before; what was not, or is no choice any more, is as the browser has it. */
export function loadSettings(storage: Pick<Storage, 'getItem'>, languages: readonly string[]): Settings {
  const { locale, appearance } = chosen(storage);
  return {
    locale: LOCALES.find(({ value }) => value === locale)?.value ?? preferredLocale(languages),
    appearance: APPEARANCES.find((value) => value === appearance) ?? 'system',
  };
}

export function saveSettings(storage: Pick<Storage, 'getItem' | 'setItem'>, change: Partial<Settings>): void {
  storage.setItem(KEY, JSON.stringify({ ...chosen(storage), ...change }));
}

function chosen(storage: Pick<Storage, 'getItem'>): Partial<Record<keyof Settings, unknown>> {
  try {
    return JSON.parse(storage.getItem(KEY) ?? '{}') ?? {};
  } catch {
    return {};
  }
}
