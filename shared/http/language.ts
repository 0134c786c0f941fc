/** The language to answer in, by the tags of Accept-Language, the preferred first. */
export { preferredLocale as languageOf } from '../domain/locale.ts';
