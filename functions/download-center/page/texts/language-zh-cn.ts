import zhCN from 'antd/es/locale/zh_CN.js';
import type { Language } from '../texts/load-language.ts';
import { zhCn } from './zh-cn.ts';

export const language: Language = { texts: zhCn, antd: zhCN };
