import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyCell } from '../../../test/support/any-text.ts';
import { readCsv } from '../../../test/support/read-csv.ts';
import type { ColumnKind } from '../../domain/columns.ts';
import { CsvEncoder, MAX_ROW_BYTES } from './csv-encoder.ts';

type Value = Buffer | null;

/** Returns a row as the server sends it: each value after its length, NULL as 0xfb. */
function packetOf(values: readonly Value[]): Buffer {
  return Buffer.concat(values.flatMap((value) => (value ? [lengthOf(value), value] : [Buffer.of(0xfb)])));
}

function lengthOf({ length }: Buffer): Buffer {
  if (length < 251) return Buffer.of(length);
  const encoded = Buffer.alloc(9);
  encoded.writeBigUInt64LE(BigInt(length), 1);
  const [marker, bytes] = length < 2 ** 16 ? [0xfc, 2] : length < 2 ** 24 ? [0xfd, 3] : [0xfe, 8];
  encoded[0] = marker;
  return encoded.subarray(0, 1 + bytes);
}

/** Returns all blocks, each copied and recycled at once, as a reader does. */
function encode(kinds: readonly ColumnKind[], rows: readonly (readonly Value[])[], blockSize = 1024): Buffer[] {
  const blocks: Buffer[] = [];
  const columns = kinds.map((kind) => ({ name: kind, kind }));
  const encoder = new CsvEncoder(columns, blockSize, (block) => {
    blocks.push(Buffer.from(block));
    block.fill('#');
    encoder.recycle(block);
  });
  for (const row of rows) {
    const before = Buffer.from('header');
    encoder.writeRow(Buffer.concat([before, packetOf(row)]), before.length);
  }
  encoder.flush();
  expect(encoder.rows).toBe(rows.length);
  return blocks;
}

const textOf = (blocks: Buffer[]) => Buffer.concat(blocks).toString();

describe('a row of the protocol becomes a line of CSV', () => {
  it.each<[name: string, ColumnKind, Value, written: string]>([
    ['the least integer', 'integer', Buffer.from('-9223372036854775808'), '-9223372036854775808'],
    ['the largest integer', 'unsigned', Buffer.from('18446744073709551615'), '18446744073709551615'],
    ['a decimal', 'decimal', Buffer.from('-0.10'), '-0.10'],
    ['a time', 'literal', Buffer.from('-838:59:59.000000'), '-838:59:59.000000'],
    ['a text, in quotes', 'text', Buffer.from('恭喜 🧧'), '"恭喜 🧧"'],
    ['a text with quotes, doubled', 'text', Buffer.from('a,"b"\r\n'), '"a,""b""\r\n"'],
    ['an empty text', 'text', Buffer.from(''), '""'],
    ['bytes, in hex', 'binary', Buffer.from([0x00, 0x22, 0xab, 0xff]), '0x0022ABFF'],
    ['no bytes', 'binary', Buffer.from(''), '0x'],
    ['NULL among numbers', 'integer', null, ''],
    ['NULL among texts', 'text', null, ''],
    ['NULL among bytes', 'binary', null, ''],
  ])('%s', (_name, kind, value, written) => {
    expect(textOf(encode([kind], [[value]]))).toBe(`${written}\n`);
    expect(textOf(encode(['integer', kind, kind], [[null, value, value]]))).toBe(`,${written},${written}\n`);
  });

  it.each([0, 1, 250, 251, 252, 255, 256, 65_535, 65_536, 65_537, MAX_ROW_BYTES - 3])(
    'a text of %d bytes, whatever the form of its length',
    (length) => {
      const text = Buffer.alloc(length, 'x');
      const csv = Buffer.concat(encode(['text'], [[text]]));
      expect(csv.equals(Buffer.concat([Buffer.from('"'), text, Buffer.from('"\n')]))).toBe(true);
    },
  );

  it('reads on behind a value of every form of length', () => {
    const values = [250, 251, 65_535, 65_536].map((length) => Buffer.alloc(length, 'x'));
    const csv = textOf(
      encode(['literal', 'literal', 'literal', 'literal', 'text'], [[...values, Buffer.from('last')]]),
    );
    expect(csv.split(',').map(({ length }) => length)).toEqual([250, 251, 65_535, 65_536, '"last"\n'.length]);
    expect(csv.endsWith(',"last"\n')).toBe(true);
  });

  it('writes any rows so that fast-csv reads them, NULL apart from an empty text, whatever the blocks', async () => {
    const rows = fc.array(fc.tuple(anyCell, anyCell, fc.option(fc.uint8Array({ maxLength: 40 }))), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 8, max: 200 }), async (given, blockSize) => {
        const packets = given.map(([a, b, bytes], index) => [
          Buffer.from(`${index}`),
          a === null ? null : Buffer.from(a),
          b === null ? null : Buffer.from(b),
          bytes && Buffer.from(bytes),
        ]);
        const blocks = encode(['integer', 'text', 'text', 'binary'], packets, blockSize);
        const csv = Buffer.concat(blocks);
        const hex = given.map(([, , bytes]) => bytes && `0x${Buffer.from(bytes).toString('hex').toUpperCase()}`);

        expect(await readCsv(csv)).toEqual(given.map(([a, b], i) => [`${i}`, a ?? '', b ?? '', hex[i] ?? '']));
        // No row is split between blocks.
        expect((await Promise.all(blocks.map(readCsv))).flat()).toEqual(await readCsv(csv));
        const quoted = (cell: string | null) => (cell === null ? '' : `"${cell.replaceAll('"', '""')}"`);
        expect(csv.toString()).toBe(
          given.map(([a, b], i) => `${i},${quoted(a)},${quoted(b)},${hex[i] ?? ''}\n`).join(''),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('blocks', () => {
  it('hold the line feeds of rows of NULL, wherever they end', () => {
    const row = Array(9).fill(null);
    for (let blockSize = 1; blockSize < 40; blockSize++) {
      const blocks = encode(Array(9).fill('integer'), [row, row, row], blockSize);
      expect(textOf(blocks)).toBe(',,,,,,,,\n'.repeat(3));
    }
  });

  it('are full before the next is begun, and none is larger than asked for', () => {
    const rows = Array.from({ length: 1000 }, () => [Buffer.from('12345')]);
    const blocks = encode(['integer'], rows, 100);
    expect(blocks.every(({ length }) => length <= 100)).toBe(true);
    expect(blocks.length).toBeLessThan(75);
  });

  it('grow for a value that is larger, and the next has the usual size again', () => {
    const large = Buffer.alloc(5000, '"');
    const plain = Buffer.alloc(5000, 'x');
    const texts = [Buffer.from('a'), large, Buffer.from('b'), Buffer.alloc(80, 'c'), plain, Buffer.from('d')];
    const blocks = encode(
      ['text'],
      texts.map((text) => [text]),
      100,
    );
    expect(textOf(blocks)).toBe(`"a"\n"${'"'.repeat(10_000)}"\n"b"\n"${'c'.repeat(80)}"\n"${'x'.repeat(5000)}"\n"d"\n`);
    expect(blocks.map(({ length }) => length)).toEqual([4, 10_003, 4, 83, 5003, 4]);
  });

  it('does not emit an empty one', () => {
    expect(encode(['text'], [])).toEqual([]);
  });
});

describe('a row of more than 16 MiB as CSV is refused for good', () => {
  const tooLarge = { code: 'ROW_TOO_LARGE', kind: 'permanent' };
  const refusal = (kinds: ColumnKind[], values: Value[]): unknown => {
    try {
      return encode(kinds, [values]).length;
    } catch (error) {
      return error;
    }
  };

  it.each<[string, ColumnKind, Buffer]>([
    ['a bare value', 'literal', Buffer.alloc(MAX_ROW_BYTES - 1, '1')],
    ['a text', 'text', Buffer.alloc(MAX_ROW_BYTES - 3, 'x')],
    ['a text of quotes', 'text', Buffer.alloc(MAX_ROW_BYTES / 2 - 2, '"')],
    ['bytes', 'binary', Buffer.alloc(MAX_ROW_BYTES / 2 - 2, 0xff)],
  ])('%s that just fits is not', (_name, kind, value) => {
    expect(refusal([kind], [value])).toBe(1);
    const more = Buffer.concat([value, value.subarray(0, 1)]);
    expect(refusal([kind], [more])).toMatchObject(tooLarge);
  });

  it('however many values it takes', () => {
    const half = Buffer.alloc(MAX_ROW_BYTES / 2, 'x');
    expect(refusal(['literal', 'literal'], [half, half.subarray(2)])).toBe(1);
    expect(refusal(['literal', 'literal'], [half, half.subarray(1)])).toMatchObject(tooLarge);
  });

  it('even when the value alone is larger than any block could be', () => {
    expect(refusal(['text'], [Buffer.alloc(2 ** 24 + 1)])).toMatchObject(tooLarge);
  });
});
