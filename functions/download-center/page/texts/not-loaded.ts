import type { Locale } from '../../../../shared/api-client/types.ts';

/**
 * Texts for a part of the page that could not be loaded. A language's other texts may be that part, so these are loaded
 * with the page.
 */
export const notLoaded: Record<Locale, { message: string; retry: string }> = {
  en: { message: 'Part of the page could not be loaded. Check your connection.', retry: 'Try again' },
  'zh-TW': { message: '部分頁面無法載入。請檢查網路連線。', retry: '再試一次' },
  'zh-CN': { message: '部分页面无法加载。请检查网络连接。', retry: '重试' },
};
