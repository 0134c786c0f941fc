import zhTW from 'antd/es/locale/zh_TW.js';
import type { Language } from '../texts/load-language.ts';
import { zhTw } from './zh-tw.ts';

export const language: Language = { texts: zhTw, antd: zhTW };
