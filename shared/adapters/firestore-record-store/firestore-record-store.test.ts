import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { Firestore } from '@google-cloud/firestore';
import { status } from '@grpc/grpc-js';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { findFreePort } from '../../../infra/local-servers/local-server.ts';
import {
  type FieldFilter,
  type StructuredQuery,
  startEmptyFirestore,
} from '../../../test/contract/record-store-empty-firestore.ts';
import { createdAt, newRecord } from '../../../test/contract/record-store-fixtures.ts';
import { startWatch } from '../../../test/contract/record-store-watch.contract.ts';
import { firestoreRecordStore } from './firestore-record-store.ts';

interface IndexField {
  fieldPath: string;
  order: string;
}

interface Index {
  collectionGroup: string;
  fields: IndexField[];
}

const { indexes, fieldOverrides } = JSON.parse(
  readFileSync(new URL('../../../infra/schemas/firestore.indexes.json', import.meta.url), 'utf8'),
) as { indexes: Index[]; fieldOverrides: { collectionGroup: string; fieldPath: string }[] };

describe('the composite indexes', () => {
  let queries: StructuredQuery[];

  beforeAll(async () => {
    const server = await startEmptyFirestore(status.PERMISSION_DENIED);
    const store = firestoreRecordStore(new Firestore(server.settings));
    const draft = newRecord();
    await store.admit({ draft, idempotency: { key: 'k', requestHash: 'h' }, reuseSince: createdAt }, () => ({}));
    for (const scope of [{ adminId: '7' }, { departmentId: '3' }, {}]) {
      for (const byStatus of [{}, { status: 'FAILED' as const }]) {
        for (const byReport of [{}, { report: 'r' }]) {
          for (const page of [{}, { before: draft.id }]) {
            await store.list({ source: 'portal', ...scope, limit: 1, ...byStatus, ...byReport, ...page });
          }
        }
      }
      const watch = await startWatch(store, { source: 'portal', ...scope });
      await watch[Symbol.asyncDispose]();
    }
    await store.due(createdAt, 1);
    await store.releaseOrphanLocks();
    await expect(store.purge(draft.id)).rejects.toMatchObject({ code: status.PERMISSION_DENIED });
    await store.close();
    server.close();
    queries = server.queries;
  });

  it('cover every query of the store', () => {
    expect(queries).toHaveLength(31);
    const uncovered = queries.filter((query) => needsIndex(query) && !indexes.some((index) => serves(index, query)));
    expect(uncovered).toStrictEqual([]);
  });

  it('are all in use', () => {
    const needy = queries.filter(needsIndex);
    expect(indexes.filter((index) => !needy.some((query) => serves(index, query)))).toStrictEqual([]);
  });

  it('are no use to the fields exempt from indexing', () => {
    const used = queries.flatMap((query) => [
      ...equalFields(query),
      ...orderedFields(query).map(({ fieldPath }) => fieldPath),
    ]);
    expect(fieldOverrides.filter(({ fieldPath }) => used.includes(fieldPath))).toStrictEqual([]);
  });
});

it('what Firestore refuses is thrown as it is', async () => {
  const server = await startEmptyFirestore(status.PERMISSION_DENIED);
  const store = firestoreRecordStore(new Firestore(server.settings));
  const draft = newRecord();
  await expect(store.admit({ draft }, () => ({ insert: draft }))).rejects.toMatchObject({
    code: status.PERMISSION_DENIED,
  });
  await store.close();
  server.close();
});

describe('the store is unavailable for the moment', () => {
  const unavailable = { code: 'RECORD_STORE_UNAVAILABLE', kind: 'transient' };

  it("when a commit is not answered in time by Firestore's own measure", async () => {
    const server = await startEmptyFirestore(status.DEADLINE_EXCEEDED);
    const store = firestoreRecordStore(new Firestore(server.settings));
    const draft = newRecord();
    await expect(store.admit({ draft }, () => ({ insert: draft }))).rejects.toMatchObject(unavailable);
    await store.close();
    server.close();
  });

  it('when a contest does not end, and then does not go on with it', async () => {
    const server = await startEmptyFirestore(status.FAILED_PRECONDITION);
    const store = firestoreRecordStore(new Firestore(server.settings));
    const draft = newRecord();
    await expect(store.admit({ draft }, () => ({ insert: draft }))).rejects.toMatchObject(unavailable);
    await store.close();
    expect(server.commits).toBeGreaterThan(10);
    server.close();
  });

  it('when it refuses connections', async () => {
    const port = await findFreePort();
    const settings = { projectId: 'local', host: `127.0.0.1:${port}`, ssl: false, universeDomain: 'googleapis.com' };
    const store = firestoreRecordStore(new Firestore(settings));
    await Promise.all([
      expect(store.get(newRecord().id)).rejects.toMatchObject(unavailable),
      expect(startWatch(store, { source: 'portal' })).rejects.toMatchObject(unavailable),
    ]);
    // The client keeps retrying, and ends when a server responds.
    const server = await startEmptyFirestore(status.OK, port);
    await store.close();
    server.close();
  }, 60_000);
});

/**
 * Whether a query needs a composite index, according to
 * https://firebase.google.com/docs/firestore/query-data/index-overview: a single field has an index of its own, and
 * equalities without an order are answered by merging those.
 */
function needsIndex(query: StructuredQuery): boolean {
  const ordered = orderedFields(query).map(({ fieldPath }) => fieldPath);
  return ordered.length > 0 && new Set([...equalFields(query), ...ordered]).size > 1;
}

function serves(index: Index, query: StructuredQuery): boolean {
  const equal = equalFields(query);
  const [first, rest] = [index.fields.slice(0, equal.length), index.fields.slice(equal.length)];
  return (
    index.collectionGroup === query.from[0]?.collectionId &&
    isDeepStrictEqual(first.map(({ fieldPath }) => fieldPath).toSorted(), equal.toSorted()) &&
    isDeepStrictEqual(rest, orderedFields(query))
  );
}

function filtersOf({ where }: StructuredQuery): FieldFilter[] {
  const filters = where?.compositeFilter?.filters ?? (where ? [where] : []);
  return filters.flatMap(({ fieldFilter }) => fieldFilter ?? []);
}

const equalFields = (query: StructuredQuery) =>
  filtersOf(query)
    .filter(({ op }) => op === 'EQUAL')
    .map(({ field }) => field.fieldPath);

/**
 * Returns the fields by which a query orders, without the name, by which a listener orders last: every index ends with
 * it.
 */
function orderedFields({ orderBy = [] }: StructuredQuery): IndexField[] {
  const fields = orderBy.map(({ field, direction }) => ({ fieldPath: field.fieldPath, order: direction }));
  return fields.filter(({ fieldPath }) => fieldPath !== '__name__');
}
