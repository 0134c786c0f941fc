import { randomUUID } from 'node:crypto';
import { invalid, noSuchUpload } from './errors.ts';
import type { Destination, ObjectResource, ObjectStore } from './object-store.ts';
import { CHUNK_UNIT, PartialFile } from './partial-file.ts';
import { type Body, finishUpload, type UploadMetadata } from './upload.ts';

interface Session {
  destination: Destination;
  metadata: UploadMetadata;
  content: PartialFile;
  /** Requests take turns: a client may come back before its broken connection was noticed. */
  turn: Promise<unknown>;
  /** Once complete: what is answered to every further request, for the client that missed it. */
  object?: ObjectResource;
}

/** How far an upload has come: complete, or so many bytes kept. */
export type Progress = { object: ObjectResource } | { committedBytes: number };

/**
 * Resumable uploads (cloud.google.com/storage/docs/performing-resumable-uploads). Of a request that is not the last,
 * or that breaks, whole grains of 256 KiB are kept; the client asks how many and goes on from there.
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

  /** Takes one PUT: a status query, a chunk, or the rest. `contentRange` is absent for the whole content in one. */
  send(
    id: string,
    request: { contentRange: string | undefined; hashHeader: string | undefined; body: Body },
  ): Promise<Progress> {
    const session = this.#find(id);
    const result = session.turn.then(async () => {
      // The request before may have ended the session, or a cancellation.
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

/** `bytes START-END/TOTAL`. What is `*` is undefined; a status query has `*` for START-END. */
function parseContentRange(header = 'bytes 0-*/*'): ContentRange {
  // The official client sends an empty object as `bytes 0--1/0`.
  const match = /^bytes (?:(\d+)-(-1|\d+|\*)|\*)\/(\d+|\*)$/.exec(header);
  if (!match) throw invalid(`Invalid Content-Range: ${header}`);
  const [start, end, total] = match
    .slice(1)
    .map((part) => (part === undefined || part === '*' ? undefined : Number(part)));
  return { start, end, total };
}

/** Appends what is new in the body, and says whether the content is complete with it. */
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
