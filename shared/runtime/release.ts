/**
 * Gives a large buffer's memory back at once, where the garbage collector would let many of them pile up first. Nobody may use it any more, neither
 * JavaScript, to which it is empty from then on, nor a write or a computation under way. A small one may share its memory with others, and is left to the collector.
 */
export function release({ buffer }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize) buffer.transfer(0);
}
