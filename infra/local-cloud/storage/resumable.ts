import { randomUUID } from 'node:crypto';
import { invalid, noSuchUpload } from './errors.ts';
import type { Destination, ObjectResource, ObjectStore } from './object-store.ts';
import { CHUNK_UNIT, PartialFile } from './partial-file.ts';
import { type Body, finishUpload, type UploadMetadata } from './upload.ts';

interface Session {
  destination: Destination;
  metadata: UploadMetadata;
  content: PartialFile;
  /** Serialises the requests: a client may reconnect before its broken connection is noticed. */
  turn: Promise<unknown>;
  /** Set when complete: the response to every further request, for a client that missed the first one. */
  object?: ObjectResource;
}

/** The state of an upload: complete, or the number of committed bytes. */
export type Progress = { object: ObjectResource } | { committedBytes: number };

/**
 * Resumable uploads (cloud.google.com/storage/docs/performing-resumable-uploads). Of a request that is not the last, or
 * whose connection breaks, whole units of 256 KiB are committed; the client queries how many, and resumes there.
 */
export class ResumableUploads {
  #store: ObjectStore;
  #sessions = new Map<string, Session>();

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  /** Returns the id of the new session. */
  async start(destination: Destination, metadata: UploadMetadata): Promise<string> {
    this.#store.checkInsert(destination);
    const id = randomUUID();
    const content = await PartialFile.create(this.#store.folder);
    this.#sessions.set(id, { destination, metadata, content, turn: Promise.resolve() });
    return id;
  }

  /**
   * Handles one PUT: a status query, a chunk, or the rest. `contentRange` is absent if the request has the whole
   * content.
   */
  send(
    id: string,
    request: { contentRange: string | undefined; hashHeader: string | undefined; body: Body },
  ): Promise<Progress> {
    const session = this.#find(id);
    const result = session.turn.then(async () => {
      // The request before, or a cancellation, may have ended the session.
      this.#find(id);
      if (session.object) return { object: session.object };
      const isComplete = await receive(session.content, parseContentRange(request.contentRange), request.body);
      if (!isComplete) return { committedBytes: session.content.size };
      return { object: await this.#finish(id, session, request.hashHeader) };
    });
    session.turn = result.catch(() => {});
    return result;
  }

  async cancel(id: string): Promise<void> {
    const session = this.#find(id);
    this.#sessions.delete(id);
    await session.turn;
    if (!session.object) await session.content.discard();
  }

  async close(): Promise<void> {
    for (const id of this.#sessions.keys()) await this.cancel(id);
  }

  #find(id: string): Session {
    const session = this.#sessions.get(id);
    if (!session) throw noSuchUpload();
    return session;
  }

  async #finish(id: string, session: Session, hashHeader: string | undefined): Promise<ObjectResource> {
    const { destination, content, metadata } = session;
    try {
      session.object = await finishUpload(this.#store, destination, content, metadata, hashHeader);
      return session.object;
    } catch (error) {
      this.#sessions.delete(id);
      throw error;
    }
  }
}

interface ContentRange {
  start: number | undefined;
  end: number | undefined;
  total: number | undefined;
}

/** Parses `bytes START-END/TOTAL`. A `*` becomes undefined; a status query has `*` for START-END. */
function parseContentRange(header = 'bytes 0-*/*'): ContentRange {
  // The official client sends an empty object as `bytes 0--1/0`.
  const match = /^bytes (?:(\d+)-(-1|\d+|\*)|\*)\/(\d+|\*)$/.exec(header);
  if (!match) throw invalid(`Invalid Content-Range: ${header}`);
  const [start, end, total] = match
    .slice(1)
    .map((part) => (part === undefined || part === '*' ? undefined : Number(part)));
  return { start, end, total };
}

/** Appends the new bytes of the body, and resolves to whether the content is complete. */
async function receive(content: PartialFile, { start, end, total }: ContentRange, body: Body): Promise<boolean> {
  if (start === undefined) return total === content.size;
  if (start > content.size) throw invalid(`The upload has ${content.size} bytes; it cannot go on from ${start}.`);
  let position = start;
  try {
    for await (const chunk of body) {
      const known = Math.min(Math.max(content.size - position, 0), chunk.length);
      if (known < chunk.length) content.append(chunk.subarray(known));
      position += chunk.length;
    }
  } catch (error) {
    content.rewind();
    throw error;
  }
  if (end !== undefined && position !== end + 1) {
    content.rewind();
    throw invalid(`The Content-Range says ${end + 1 - start} bytes; the body has ${position - start}.`);
  }
  const isLast = total === undefined ? end === undefined : position === total;
  if (isLast) return true;
  content.rewind();
  if (position - start < CHUNK_UNIT) {
    throw invalid(
      `The number of bytes uploaded is required to be equal or greater than ${CHUNK_UNIT}, except for the final request. The received request contained ${position - start} bytes.`,
    );
  }
  return false;
}
