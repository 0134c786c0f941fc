export { crc32c } from '@node-rs/crc32';

/** Cloud Storage's encoding: the four bytes, big-endian, in base64. */
export function encodeCrc32c(crc: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc);
  return bytes.toString('base64');
}
