import { createContext, use } from 'react';
import type { DownloadCenterClient } from '../../../../shared/api-client/client.ts';
import type { DownloadRecord, Locale, ReportDescription, Session } from '../../../../shared/api-client/types.ts';
import type { Texts } from '../texts/en.ts';
import type { Format } from './format.ts';
import type { Settings } from './settings.ts';

/** The language and appearance that any part of the page may need. */
export interface PageContextValue {
  locale: Locale;
  texts: Texts;
  format: Format;
  settings: Settings;
  /** Rejects if the language cannot be loaded; the page then stays as it is. */
  changeSettings: (changed: Partial<Settings>) => Promise<void>;
  client: DownloadCenterClient;
}

/** The state that exists once a person has signed in. */
export interface SignedIn {
  session: Session;
  reports: ReadonlyMap<string, ReportDescription>;
  /** Returns whether the person requested the record. */
  isMine: (record: DownloadRecord) => boolean;
  /** Call this when the session turns out to be over, wherever that is detected. */
  onSessionEnd: () => void;
  /** Announces a change to users of screen readers. */
  announce: (text: string) => void;
}

export const PageContext = createContext<PageContextValue | undefined>(undefined);
export const SignedInContext = createContext<SignedIn | undefined>(undefined);

export function usePageContext(): PageContextValue {
  return present(use(PageContext));
}

export function useSignedIn(): SignedIn {
  return present(use(SignedInContext));
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('used outside of its provider');
  return value;
}

/** Returns the report's title in the page's language, or its id if it is no longer in the catalogue. */
export function useReportTitle(): (report: string) => string {
  const { locale } = usePageContext();
  const { reports } = useSignedIn();
  return (report) => reports.get(report)?.title[locale] ?? report;
}

/**
 * Returns the title of the table that a source of the report reads, in the page's language, or the source's name if the
 * catalogue no longer has the table.
 */
export function useSourceTitle(report: string): (source: string, table: string) => string {
  const { locale, texts } = usePageContext();
  const { reports } = useSignedIn();
  const titles = new Map(reports.get(report)?.tables.map(({ name, title }) => [name, title[locale]]));
  return (source, table) => texts.progress.source(titles.get(table) ?? source, table);
}
