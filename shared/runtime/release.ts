/**
 * Frees a large buffer's memory immediately; the garbage collector would let many such buffers accumulate first.
 * Nothing may use the buffer any more: JavaScript sees it as empty from then on, and no write or computation on it may
 * be in progress. A small buffer may share its memory with others, and is left to the garbage collector.
 */
export function release({ buffer }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize) buffer.transfer(0);
}
