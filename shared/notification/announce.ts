import type { Catalogue } from '../catalogue/catalogue.ts';
import { eventId, eventType } from '../domain/names.ts';
import type { FileDownloadRecord, TerminalStatus } from '../domain/record.ts';
import { announced } from '../domain/transitions.ts';
import { publicRecord } from '../http/public-record.ts';
import type { Logger } from '../logging/logger.ts';
import type { EventPublisher, ReportEvent } from '../ports/messages.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { logEnd } from './log-end.ts';

export interface AnnouncePorts {
  reports: Catalogue;
  publisher: EventPublisher;
  /** The CloudEvents' source: a URI reference. */
  eventSource: string;
  /** For lines about a record. */
  logOf: (recordId: string) => Logger;
}

/**
 * The record store, which publishes each terminal status that a record enters through it, once it is committed: whoever ends a record cannot forget to tell. A crash or a
 * fault in between loses nothing, since the record says what is unannounced: any change of it tries again, and the sweeper makes one.
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
 * Publishes an event for each status unannounced, in order. May run twice or die anywhere: the events' ids stay the same. The lines of an end are logged by whoever takes
 * the status off, and so never twice; a process that dies right then takes them along.
 */
async function announce(record: FileDownloadRecord, records: RecordStore, ports: AnnouncePorts): Promise<void> {
  for (const status of record.unannounced) {
    await ports.publisher.publish(eventOf(record, status, ports));
    if (await records.update(record.id, announced(status))) logEnd(record, status, ports.logOf(record.id));
  }
}

/** The record as it was when it had entered that status: it may have gone on since. */
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
