import type { Catalogue } from '../catalogue/catalogue.ts';
import { eventId, eventType } from '../domain/names.ts';
import type { FileDownloadRecord, TerminalStatus } from '../domain/record.ts';
import { markAnnounced } from '../domain/transitions.ts';
import { publicRecord } from '../http/public-record.ts';
import type { Logger } from '../logging/logger.ts';
import type { EventPublisher, ReportEvent } from '../ports/messages.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { logEnd } from './log-end.ts';

export interface AnnouncePorts {
  reports: Catalogue;
  publisher: EventPublisher;
  /** The `source` of the CloudEvents: a URI reference. */
  eventSource: string;
  /** Returns the logger for lines about a record. */
  logOf: (recordId: string) => Logger;
}

/**
 * Wraps a record store so that it publishes each terminal status after the change to that status is committed. Code
 * that ends a record therefore cannot forget to announce it. A crash or a fault in between loses nothing, because the
 * record stores which statuses are unannounced: every later change of the record tries again, and the sweeper makes
 * one.
 */
export function announcingRecordStore(records: RecordStore, ports: AnnouncePorts): RecordStore {
  const tell = async (record: FileDownloadRecord | undefined) => {
    if (!record || record.unannounced.length === 0) return;
    try {
      await announce(record, records, ports);
    } catch (error) {
      ports.logOf(record.id).warn({ status: record.status, err: error }, 'not announced; the sweeper will');
    }
  };
  return {
    ...records,

    async admit(admission, decide) {
      const decision = await records.admit(admission, decide);
      await tell(decision.insert);
      return decision;
    },

    async update(id, transition) {
      const record = await records.update(id, transition);
      await tell(record);
      return record;
    },
  };
}

/**
 * Publishes an event for each unannounced status, in order. It may run twice or be interrupted at any point, because
 * the ids of the events stay the same. Only the run that removes the status logs the end, so the lines are never logged
 * twice; they are lost if the process dies at that moment.
 */
async function announce(record: FileDownloadRecord, records: RecordStore, ports: AnnouncePorts): Promise<void> {
  for (const status of record.unannounced) {
    await ports.publisher.publish(eventOf(record, status, ports));
    if (await records.update(record.id, markAnnounced(status))) logEnd(record, status, ports.logOf(record.id));
  }
}

/** Builds the event from the record as it was when it entered `status`, because it may have changed since. */
function eventOf(
  record: FileDownloadRecord,
  status: TerminalStatus,
  { reports, eventSource }: AnnouncePorts,
): ReportEvent {
  const entered = record.history.findIndex((entry) => entry.status === status);
  const history = record.history.slice(0, entered + 1);
  return {
    specversion: '1.0',
    id: eventId(record.id, status),
    source: eventSource,
    type: eventType(status),
    subject: record.id,
    time: (history.at(-1)?.at ?? record.createdAt).toISOString(),
    datacontenttype: 'application/json',
    data: publicRecord({ ...record, status, history }, reports.get(record.report)),
  };
}
