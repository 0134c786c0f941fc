const POLYNOMIAL = 0x82f63b78;

/** Table k, of eight, holds the effect of a byte that k further bytes follow ("slicing by 8"): eight bytes a turn. */
const TABLES = new DataView(new ArrayBuffer(8 * 1024));

const lookUp = (table: number, byte: number) => TABLES.getInt32((table << 10) | ((byte & 255) << 2));

for (let byte = 0; byte < 256; byte++) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  TABLES.setInt32(byte << 2, crc);
}
for (let table = 1; table < 8; table++) {
  for (let byte = 0; byte < 256; byte++) {
    const crc = lookUp(table - 1, byte);
    TABLES.setInt32((table << 10) | (byte << 2), lookUp(0, crc) ^ (crc >>> 8));
  }
}

/**
 * The CRC-32C (Castagnoli) of `data` where it follows the bytes that `crc` covers. Over a gigabyte a second; Node's
 * `zlib.crc32` is of another polynomial, and the storage client's own goes byte by byte.
 */
export function crc32c(data: Uint8Array, crc = 0): number {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const eights = data.byteLength & ~7;
  let state = ~crc;
  let at = 0;
  for (; at < eights; at += 8) {
    const low = view.getInt32(at, true) ^ state;
    const high = view.getInt32(at + 4, true);
    state =
      lookUp(7, low) ^
      lookUp(6, low >>> 8) ^
      lookUp(5, low >>> 16) ^
      lookUp(4, low >>> 24) ^
      lookUp(3, high) ^
      lookUp(2, high >>> 8) ^
      lookUp(1, high >>> 16) ^
      lookUp(0, high >>> 24);
  }
  for (; at < data.byteLength; at++) state = lookUp(0, state ^ view.getUint8(at)) ^ (state >>> 8);
  return ~state;
}

/** Cloud Storage's form: the four bytes, most significant first, in base64. */
export function encodeCrc32c(crc: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(crc);
  return bytes.toString('base64');
}
