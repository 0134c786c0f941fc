import type { Locale } from '../../../../shared/api-client/types.ts';

/** For a part of the page that could not be loaded. A language's other texts may be that part: these come with the page. */
export const notLoaded: Record<Locale, { why: string; tryAgain: string }> = {
  en: { why: 'A part of the page could not be loaded. Check the connection.', tryAgain: 'Try again' },
  'zh-TW': { why: '頁面的一部分無法載入。請檢查網路。', tryAgain: '再試一次' },
  'zh-CN': { why: '页面的一部分无法加载。请检查网络。', tryAgain: '再试一次' },
};
