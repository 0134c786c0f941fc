export interface ServerEvent {
  /** `message` if the stream names none. */
  event: string;
  data: string;
}

/**
 * Parses `text/event-stream` as the HTML standard says, however its bytes are cut into chunks. Of the fields it takes `event` and `data`; an event that the stream breaks off
 * in is not given out.
 */
export class EventParser {
  // Takes a leading byte order mark away.
  readonly #decoder = new TextDecoder();
  #line = '';
  #event = '';
  #data: string[] = [];
  /** The line before ended with CR, so that an LF that comes now belongs to it. */
  #afterCr = false;

  /** The events that these bytes complete. */
  push(bytes: Uint8Array): ServerEvent[] {
    const text = this.#decoder.decode(bytes, { stream: true });
    // Bytes within a character, or a mark, decode to nothing yet.
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
    // A line that begins with a colon is a comment, and its field's name is empty.
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
