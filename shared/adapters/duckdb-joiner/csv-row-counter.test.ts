import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyText } from '../../../test/support/any-text.ts';
import { CsvRowCounter } from './csv-row-counter.ts';

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

it('counts the rows of any CSV, however its bytes are cut', () => {
  const cell = fc.oneof(fc.constantFrom('', '1', '-2.50'), anyText.map(quoted));
  const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 3 }), { maxLength: 20 });
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 50 }), (cells, size) => {
      const csv = Buffer.from(cells.map((row) => `${row.join(',')}\n`).join(''));
      const counter = new CsvRowCounter();
      for (let from = 0; from < csv.length; from += size) counter.update(csv.subarray(from, from + size));
      expect(counter.rows).toBe(cells.length);
    }),
  );
});
