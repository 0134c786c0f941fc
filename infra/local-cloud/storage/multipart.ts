import { MIMEType } from 'node:util';
import { invalid } from './errors.ts';
import type { Body, UploadMetadata } from './upload.ts';

const BLANK_LINE = '\r\n\r\n';
const HEAD_BYTES = 1024 * 1024;

/**
 * Parses a multipart/related upload: JSON metadata, then the media, which is streamed. The boundary never occurs within
 * the media, so only the body's end is searched.
 */
export async function readMultipart(
  body: Body,
  contentType: string,
): Promise<{ metadata: UploadMetadata; media: Body }> {
  const boundary = boundaryOf(contentType);
  const chunks = body[Symbol.asyncIterator]();

  let head = Buffer.alloc(0);
  const headUntil = async (mark: string, from: number): Promise<number> => {
    for (;;) {
      const found = head.indexOf(mark, from);
      if (found >= 0) return found;
      const { value, done } = await chunks.next();
      if (done || head.length > HEAD_BYTES) throw invalid('Malformed multipart body.');
      head = Buffer.concat([head, value]);
    }
  };
  const metadataStart = (await headUntil(BLANK_LINE, 0)) + BLANK_LINE.length;
  const metadataEnd = await headUntil(`\r\n--${boundary}\r\n`, metadataStart);
  const mediaHeadersEnd = await headUntil(BLANK_LINE, metadataEnd + 2);
  const mediaType = /\r\ncontent-type:\s*([^\r]+)/i.exec(
    head.toString('latin1', metadataEnd + 2, mediaHeadersEnd),
  )?.[1];
  const metadata = parseMetadata(head.toString('utf8', metadataStart, metadataEnd));

  return {
    metadata: { ...(mediaType && { contentType: mediaType }), ...metadata },
    media: untilClosingBoundary(head.subarray(mediaHeadersEnd + BLANK_LINE.length), chunks, `\r\n--${boundary}--`),
  };
}

function boundaryOf(contentType: string): string {
  try {
    const boundary = new MIMEType(contentType).params.get('boundary');
    if (boundary) return boundary;
  } catch {
    // Not a media type at all.
  }
  throw invalid(`No multipart boundary in the content type '${contentType}'.`);
}

/** Also parses the body that starts a resumable upload, which may be empty. */
export function parseMetadata(json: string): UploadMetadata {
  try {
    return JSON.parse(json || '{}');
  } catch {
    throw invalid('Parse Error');
  }
}

async function* untilClosingBoundary(first: Buffer, chunks: AsyncIterator<Buffer>, closing: string): Body {
  const heldBack = closing.length + 4;
  let held = first;
  for (;;) {
    const { value, done } = await chunks.next();
    if (done) break;
    const bytes = held.length > 0 ? Buffer.concat([held, value]) : value;
    const ready = Math.max(bytes.length - heldBack, 0);
    if (ready > 0) yield bytes.subarray(0, ready);
    held = bytes.subarray(ready);
  }
  const end = held.lastIndexOf(closing);
  if (end < 0) throw invalid('Malformed multipart body: the closing boundary is missing.');
  if (end > 0) yield held.subarray(0, end);
}
