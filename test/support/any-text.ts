import fc from 'fast-check';

/** Texts that CSV, spreadsheets and servers often mishandle. */
const AWKWARD = [
  ...['', ' ', ',', '"', '""', "'", '\\', '\\N', 'NULL', '\n', '\r', '\r\n', '\t', '\0', '\uFEFF', '0x'],
  ...['=1+1', '+1', '-1', '-x', '@x', '#', ';', '\u2028', '\u0085', '恭喜發財', '🧧', 'é', 'e\u0301', '%', '--'],
];

/** Arbitrary text in utf8mb4, with many awkward characters. */
export const anyText = fc
  .array(fc.oneof(fc.constantFrom(...AWKWARD), fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 6 })
  .map((pieces) => pieces.join(''));

/** Arbitrary text, or NULL. */
export const anyCell = fc.option(anyText, { freq: 6 });
