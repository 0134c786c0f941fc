import { describe, expect, it } from '@jest/globals';
import { memoryObjectStore } from '../../test/support/memory-object-store.ts';
import { never } from '../../test/support/never.ts';
import { previewOf } from './preview.ts';

const BOM = '\uFEFF';
const KIB = 1024;

/** Returns the preview of a file with these rows, and the reads that it took, in bytes. */
async function preview(header: string, rows: string[]) {
  const objects = memoryObjectStore();
  await objects.put('file', Buffer.from(`${BOM}${[header, ...rows].map((row) => `${row}\n`).join('')}`), never);
  const reads: number[] = [];
  const shown = await previewOf((bytes) => {
    reads.push(bytes);
    return objects.head('file', bytes);
  }, rows.length);
  return { ...shown, reads };
}

const numbered = (count: number, text = '') => Array.from({ length: count }, (_, index) => `${index},${text}`);

describe('the preview', () => {
  it('shows a small file whole, without the byte order mark', async () => {
    expect(await preview('訂單號,金額', ['1,2.50', '2,'])).toEqual({
      columns: ['訂單號', '金額'],
      rows: [
        ['1', '2.50'],
        ['2', ''],
      ],
      truncated: false,
      reads: [256 * KIB],
    });
  });

  it('of a file without rows is its header', async () => {
    expect(await preview('a,b', [])).toMatchObject({ columns: ['a', 'b'], rows: [], truncated: false });
  });

  it.each([
    [49, 49, false],
    [50, 50, false],
    [51, 50, true],
    [100_000, 50, true],
  ])('of %d rows shows %d, and says whether there are more: %p', async (count, shown, truncated) => {
    const { rows, ...rest } = await preview('n,t', numbered(count));
    expect(rows).toEqual(numbered(shown).map((row) => row.split(',')));
    expect(rest).toMatchObject({ truncated, reads: [256 * KIB] });
  });

  it('reads quotes, commas and line feeds in cells', async () => {
    const { rows } = await preview('a,b', ['"say ""hi"", then\nleave","x\r\ny"', '"",\'=1+1']);
    expect(rows).toEqual([
      ['say "hi", then\nleave', 'x\r\ny'],
      ['', "'=1+1"],
    ]);
  });

  it.each([
    ['報', '報'],
    ['💥', '💥'],
    ['"a\n""報"', 'a\n"報'],
  ])('reads on for a row that the range cuts, after whichever of its bytes: %j', async (cut, value) => {
    for (let kept = 1; kept <= Buffer.byteLength(cut); kept++) {
      const filler = 'x'.repeat(256 * KIB - Buffer.byteLength(`${BOM}a\n\n`) - kept);
      const { rows, truncated, reads } = await preview('a', [filler, cut, '2']);
      expect(rows).toEqual([[`${'x'.repeat(1000)}…`], [value], ['2']]);
      expect({ truncated, reads }).toEqual({ truncated: false, reads: [256 * KIB, 2048 * KIB] });
    }
  });

  it('reads more for wide rows, until all that are to be shown are there', async () => {
    const { rows, truncated } = await preview('n,t', numbered(200, 'x'.repeat(20 * KIB)));
    expect([rows.length, truncated]).toEqual([50, true]);
  });

  it('reads more for a row that is larger than the range, and shortens its cells', async () => {
    const { columns, rows, truncated, reads } = await preview('a,b', [`${'長'.repeat(1_000_000)},1`, 'x,2']);
    expect(columns).toEqual(['a', 'b']);
    expect(rows).toEqual([
      [`${'長'.repeat(1000)}…`, '1'],
      ['x', '2'],
    ]);
    expect(truncated).toBe(false);
    expect(reads).toEqual([256 * KIB, 2048 * KIB, 16_384 * KIB]);
  });

  it('shows the header alone above a row that is too large for any preview', async () => {
    const { columns, rows, truncated } = await preview('a', ['x'.repeat(17 * KIB * KIB)]);
    expect({ columns, rows, truncated }).toEqual({ columns: ['a'], rows: [], truncated: true });
  });

  it.each([
    ['x'.repeat(1000), 'x'.repeat(1000)],
    ['x'.repeat(1001), `${'x'.repeat(1000)}…`],
    [`${'x'.repeat(999)}💥`, `${'x'.repeat(999)}…`],
  ])('shortens a cell over 1,000 characters, and no character', async (cell, shown) => {
    expect((await preview('a', [cell])).rows).toEqual([[shown]]);
  });
});
