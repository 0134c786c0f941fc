import fc from 'fast-check';

/** What CSV, spreadsheets and servers stumble over. */
const AWKWARD = [
  ...['', ' ', ',', '"', '""', "'", '\\', '\\N', 'NULL', '\n', '\r', '\r\n', '\t', '\0', '\uFEFF', '0x'],
  ...['=1+1', '+1', '-1', '-x', '@x', '#', ';', '\u2028', '\u0085', '恭喜發財', '🧧', 'é', 'e\u0301', '%', '--'],
];

/** A text of any characters that utf8mb4 can hold, dense with awkward ones. */
export const anyText = fc
  .array(fc.oneof(fc.constantFrom(...AWKWARD), fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 6 })
  .map((pieces) => pieces.join(''));

/** A text, or NULL. */
export const anyCell = fc.option(anyText, { freq: 6 });
