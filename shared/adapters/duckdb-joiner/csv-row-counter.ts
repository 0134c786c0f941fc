const QUOTE = 0x22;
const LF = 0x0a;

/** Counts the rows in CSV bytes however they are cut: line feeds outside quotes. */
export class CsvRowCounter {
  rows = 0;
  #quoted = false;

  update(bytes: Buffer): void {
    let { rows } = this;
    let quoted = this.#quoted;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) quoted = !quoted;
      else if (byte === LF && !quoted) rows++;
    }
    this.rows = rows;
    this.#quoted = quoted;
  }
}
