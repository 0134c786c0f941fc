import enUS from 'antd/es/locale/en_US.js';
import type { Language } from '../texts/load-language.ts';
import { en } from './en.ts';

export const language: Language = { texts: en, antd: enUS };
