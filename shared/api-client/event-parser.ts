export interface ServerEvent {
  /** `message` if the stream names none. */
  event: string;
  data: string;
}

/**
 * Parses `text/event-stream` as the HTML standard specifies, however its bytes are split into chunks. Reads only the
 * fields `event` and `data`. An event that is incomplete when the stream ends is discarded.
 */
export class EventParser {
  // Removes a leading byte order mark.
  readonly #decoder = new TextDecoder();
  #line = '';
  #event = '';
  #data: string[] = [];
  /** The previous text ended with CR, so that an LF that follows belongs to it. */
  #afterCr = false;

  /** Returns the events that these bytes complete. */
  push(bytes: Uint8Array): ServerEvent[] {
    const text = this.#decoder.decode(bytes, { stream: true });
    // Part of a character or of a byte order mark decodes to an empty string.
    if (text === '') return [];
    const rest = this.#afterCr && text.startsWith('\n') ? text.slice(1) : text;
    this.#afterCr = text.endsWith('\r');
    const lines = rest.split(/\r\n|\r|\n/);
    lines[0] = this.#line + lines[0];
    this.#line = lines.pop() ?? '';
    return lines.flatMap((line) => this.#take(line));
  }

  #take(line: string): ServerEvent[] {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    // A line that begins with a colon is a comment; its field name is empty.
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#event = value;
    else if (field === 'data') this.#data.push(value);
    return [];
  }

  #dispatch(): ServerEvent[] {
    const events = this.#data.length === 0 ? [] : [{ event: this.#event || 'message', data: this.#data.join('\n') }];
    this.#event = '';
    this.#data = [];
    return events;
  }
}
