import { createContext, use } from 'react';
import type { DownloadCenterClient } from '../../../../shared/api-client/client.ts';
import type { DownloadRecord, Locale, ReportDescription, Session } from '../../../../shared/api-client/types.ts';
import type { Texts } from '../texts/en.ts';
import type { Format } from './format.ts';
import type { Settings } from './settings.ts';

/** What every part of the page may need of the language and the look. */
export interface PageContextValue {
  locale: Locale;
  texts: Texts;
  format: Format;
  settings: Settings;
  /** Rejects if the language cannot be loaded: what is shown stays. */
  changeSettings: (changed: Partial<Settings>) => Promise<void>;
  client: DownloadCenterClient;
}

/** What is there once a person has signed in. */
export interface SignedIn {
  session: Session;
  reports: ReadonlyMap<string, ReportDescription>;
  /** Whether the person has asked for it. */
  isMine: (record: DownloadRecord) => boolean;
  /** The session is over, whoever has found out. */
  onSessionEnd: () => void;
  /** Tells those who hear the page what has just changed. */
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

/** The report's name in the page's language; its id if it is no longer in the catalogue. */
export function useReportTitle(): (report: string) => string {
  const { locale } = usePageContext();
  const { reports } = useSignedIn();
  return (report) => reports.get(report)?.title[locale] ?? report;
}

/** What a source of a report reads, in the page's language; by the source's own name if the catalogue no longer has it. */
export function useSourceTitle(report: string): (source: string, table: string) => string {
  const { locale, texts } = usePageContext();
  const { reports } = useSignedIn();
  const titles = new Map(reports.get(report)?.tables.map(({ name, title }) => [name, title[locale]]));
  return (source, table) => texts.progress.source(titles.get(table) ?? source, table);
}
