import { describe, expect, it } from '@jest/globals';
import { loadSettings, saveSettings } from './settings.ts';

/** Returns a stand-in for the browser's storage for the page. */
function storage(content?: string) {
  let kept = content ?? null;
  return () => ({
    getItem: () => kept,
    setItem: (_key: string, value: string) => {
      kept = value;
    },
  });
}

describe('what was chosen', () => {
  it('is remembered, and what was not stays the browser’s', () => {
    const kept = storage();
    saveSettings(kept, { locale: 'zh-TW' });
    expect(loadSettings(kept, ['en'])).toEqual({ locale: 'zh-TW', appearance: 'system' });
    saveSettings(kept, { appearance: 'dark' });
    expect(loadSettings(kept, ['en'])).toEqual({ locale: 'zh-TW', appearance: 'dark' });
  });

  it.each([
    ['nothing', undefined],
    ['no JSON', '{'],
    ['no object', 'null'],
    ['no choice', '{"locale":"fr","appearance":7}'],
  ])('is the browser’s where there is %s', (_name, content) => {
    expect(loadSettings(storage(content), ['zh-CN'])).toEqual({ locale: 'zh-CN', appearance: 'system' });
  });

  it('is the browser’s where it lets nothing be stored', () => {
    const refuse = () => {
      throw new Error('SecurityError');
    };
    saveSettings(refuse, { locale: 'zh-TW' });
    expect(loadSettings(refuse, ['zh-CN'])).toEqual({ locale: 'zh-CN', appearance: 'system' });
  });
});
