import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Settings } from '@google-cloud/firestore';
import {
  type handleBidiStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type status,
} from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';

/** A query as the client sends it to Firestore, reduced to what concerns indexes. */
export interface StructuredQuery {
  from: { collectionId: string }[];
  where?: { fieldFilter?: FieldFilter; compositeFilter?: { filters: { fieldFilter: FieldFilter }[] } };
  orderBy?: { field: { fieldPath: string }; direction: string }[];
}

export interface FieldFilter {
  field: { fieldPath: string };
  op: string;
}

interface AddTarget {
  targetId: number;
  query: { structuredQuery: StructuredQuery };
}

export interface EmptyFirestore {
  /** For `new Firestore(settings)`. */
  readonly settings: Settings;
  /** The queries that it has received so far. */
  readonly queries: StructuredQuery[];
  readonly commits: number;
  close(): void;
}

/**
 * Starts a stand-in for Firestore that contains no documents, records the queries, and refuses every commit with
 * `refusal`.
 */
export async function startEmptyFirestore(refusal: status, port = 0): Promise<EmptyFirestore> {
  const queries: StructuredQuery[] = [];
  let commits = 0;
  const now = () => ({ seconds: Math.floor(Date.now() / 1000) });

  const runQuery: handleServerStreamingCall<{ structuredQuery: StructuredQuery }, unknown> = (call) => {
    queries.push(call.request.structuredQuery);
    call.write({ readTime: now() });
    call.end();
  };
  const listen: handleBidiStreamingCall<{ addTarget?: AddTarget }, unknown> = (call) => {
    call.on('data', ({ addTarget }: { addTarget?: AddTarget }) => {
      if (!addTarget) return;
      queries.push(addTarget.query.structuredQuery);
      const targetIds = [addTarget.targetId];
      call.write({ targetChange: { targetChangeType: 'ADD', targetIds } });
      call.write({ targetChange: { targetChangeType: 'CURRENT', targetIds, readTime: now() } });
      call.write({ targetChange: { targetChangeType: 'NO_CHANGE', targetIds: [], readTime: now() } });
    });
    call.on('end', () => call.end());
  };
  const batchGetDocuments: handleServerStreamingCall<{ documents: string[] }, unknown> = (call) => {
    for (const missing of call.request.documents) call.write({ missing, readTime: now() });
    call.end();
  };
  const commit: handleUnaryCall<unknown, unknown> = (_, respond) => {
    commits += 1;
    respond({ code: refusal, details: 'refused' });
  };

  const server = new Server();
  server.addService(firestoreService(), { runQuery, listen, batchGetDocuments, commit });
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, boundPort) => {
      if (error) reject(error);
      else resolve(boundPort);
    });
  });
  return {
    settings: { projectId: 'local', host: `127.0.0.1:${bound}`, ssl: false, universeDomain: 'googleapis.com' },
    queries,
    get commits() {
      return commits;
    },
    close: () => server.forceShutdown(),
  };
}

/** Returns the service as described by the protos inside the client. */
function firestoreService(): ServiceDefinition {
  const client = dirname(createRequire(import.meta.url).resolve('@google-cloud/firestore/package.json'));
  const protos = JSON.parse(readFileSync(join(client, 'build/protos/v1.json'), 'utf8'));
  return fromJSON(protos, { enums: String })['google.firestore.v1.Firestore'] as ServiceDefinition;
}
