import zhTW from 'antd/es/locale/zh_TW.js';
import type { Language } from '../common/language.ts';
import { zhTw } from './zh-tw.ts';

export const language: Language = { texts: zhTw, antd: zhTW };
