import type { Query } from '@google-cloud/firestore';
import type { FileDownloadRecord } from '../../domain/record.ts';
import { toRecord } from './documents.ts';

/**
 * Yields the changes of a query's result, each record in its latest state. The first batch is empty and is yielded once
 * Firestore listens; what the result contains by then is left out. The client recovers from a broken connection by
 * itself and misses nothing. `askInTime` bounds the wait for the start.
 */
export async function* listen(
  query: Query,
  signal: AbortSignal,
  askInTime: (beginning: () => Promise<void>) => Promise<void>,
): AsyncGenerator<FileDownloadRecord[]> {
  const changed = new Map<string, FileDownloadRecord>();
  let hasBegun = false;
  let fault: Error | undefined;
  let news = Promise.withResolvers<void>();
  const wake = () => news.resolve();
  signal.addEventListener('abort', wake);
  const stop = query.onSnapshot(
    (snapshot) => {
      for (const { type, doc } of hasBegun ? snapshot.docChanges() : []) {
        const record = toRecord(doc);
        if (type !== 'removed' && record) changed.set(doc.id, record);
      }
      hasBegun = true;
      wake();
    },
    (error) => {
      fault = error;
      wake();
    },
  );
  try {
    const beginning = async () => {
      await news.promise;
      if (fault) throw fault;
    };
    if (!signal.aborted) await askInTime(beginning);
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      await news.promise;
      news = Promise.withResolvers<void>();
      if (fault) throw fault;
      const batch = [...changed.values()];
      changed.clear();
      if (!signal.aborted && (isFirst || batch.length > 0)) yield batch;
    }
  } finally {
    stop();
    signal.removeEventListener('abort', wake);
    wake();
  }
}
