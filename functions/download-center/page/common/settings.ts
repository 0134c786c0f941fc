import type { Locale } from '../../../../shared/api-client/types.ts';
import { preferredLocale } from '../../../../shared/domain/locale.ts';

export type Appearance = 'system' | 'light' | 'dark';

/** Everything that the page remembers about a person in this browser. */
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

const KEY = 'settings';

/** Loads the earlier choices. A choice that was not made, or is no longer available, follows the browser. */
export function loadSettings(storage: () => Pick<Storage, 'getItem'>, languages: readonly string[]): Settings {
  const { locale, appearance } = chosen(storage);
  return {
    locale: LOCALES.find(({ value }) => value === locale)?.value ?? preferredLocale(languages),
    appearance: APPEARANCES.find((value) => value === appearance) ?? 'system',
  };
}

/**
 * Saves a choice. If the browser stores nothing for the page, the choice lasts until the page is closed or reloaded.
 */
export function saveSettings(storage: () => Pick<Storage, 'getItem' | 'setItem'>, change: Partial<Settings>): void {
  try {
    storage().setItem(KEY, JSON.stringify({ ...chosen(storage), ...change }));
  } catch {}
}

function chosen(storage: () => Pick<Storage, 'getItem'>): Partial<Record<keyof Settings, unknown>> {
  try {
    return JSON.parse(storage().getItem(KEY) ?? '{}') ?? {};
  } catch {
    return {};
  }
}
