import { crc32c } from '@node-rs/crc32';

/**
 * An incremental CRC-32C with the interface that the Cloud Storage client expects. The client's own implementation, in
 * JavaScript, takes a second for 200 MB.
 */
export class Crc32c {
  #value = 0;

  update(bytes: Buffer): void {
    this.#value = crc32c(bytes, this.#value);
  }

  validate(value: Buffer | string | { toString(): string }): boolean {
    return this.toString() === (Buffer.isBuffer(value) ? value.toString('base64') : value.toString());
  }

  /** Returns the four bytes, big-endian, in Base64. */
  toString(): string {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(this.#value);
    return bytes.toString('base64');
  }
}

export function crc32cOf(bytes: Buffer): string {
  const checksum = new Crc32c();
  checksum.update(bytes);
  return checksum.toString();
}
