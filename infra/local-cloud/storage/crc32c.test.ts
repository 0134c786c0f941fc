import { CRC32C } from '@google-cloud/storage';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { crc32c, encodeCrc32c } from './crc32c.ts';

describe('CRC-32C', () => {
  // RFC 3720, B.4.
  it.each<[name: string, data: Uint8Array, crc: number]>([
    ['nothing', Buffer.alloc(0), 0],
    ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
    ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['0 to 31', Buffer.from(Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e],
    ['the check string', Buffer.from('123456789'), 0xe3069283],
  ])('of %s is as published', (_, data, crc) => {
    expect(crc32c(data) >>> 0).toBe(crc);
  });

  it("equals the storage client's for any bytes, at any offset in memory, in any pieces", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(8), fc.nat(100), (bytes, offset, cut) => {
        const data = Buffer.concat([Buffer.alloc(offset), bytes]).subarray(offset);
        const official = new CRC32C();
        official.update(data);
        expect(encodeCrc32c(crc32c(data.subarray(cut), crc32c(data.subarray(0, cut))))).toBe(official.toString());
      }),
    );
  });
});
