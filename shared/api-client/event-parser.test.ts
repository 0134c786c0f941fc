import { describe, expect, it } from '@jest/globals';
import { EventParser } from './event-parser.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** Returns the events of a stream that is parsed in chunks of `chunkSize` bytes. */
function parse(whole: Uint8Array, chunkSize: number) {
  const parser = new EventParser();
  return Array.from({ length: Math.ceil(whole.length / chunkSize) }, (_, index) =>
    parser.push(whole.subarray(index * chunkSize, (index + 1) * chunkSize)),
  ).flat();
}

const CASES: [name: string, stream: string, events: { event: string; data: string }[]][] = [
  ['an event with a name', 'event: record\ndata: {"a":1}\n\n', [{ event: 'record', data: '{"a":1}' }]],
  ['one without a name', 'data: x\n\n', [{ event: 'message', data: 'x' }]],
  [
    'a name that holds for its own event alone',
    'event: a\ndata: 1\n\ndata: 2\n\n',
    [
      { event: 'a', data: '1' },
      { event: 'message', data: '2' },
    ],
  ],
  ['several lines of data', 'data: a\ndata:\ndata: b\n\n', [{ event: 'message', data: 'a\n\nb' }]],
  ['one space after the colon, and no more', 'data:  a \ndata:b\n\n', [{ event: 'message', data: ' a \nb' }]],
  ['a field without a colon', 'data\n\n', [{ event: 'message', data: '' }]],
  ['no event where there is no data', 'event: a\n\ndata: 1\n\n', [{ event: 'message', data: '1' }]],
  [
    'comments and unknown fields, which say nothing',
    ': alive\nid: 7\nretry: 10\ndatax: 1\ndata: 2\n\n',
    [{ event: 'message', data: '2' }],
  ],
  ['lines that end with CR LF', 'event: a\r\ndata: 1\r\ndata: 2\r\n\r\n', [{ event: 'a', data: '1\n2' }]],
  ['lines that end with CR', 'event: a\rdata: 1\rdata: 2\r\r', [{ event: 'a', data: '1\n2' }]],
  [
    'lines that end with whatever',
    'event: a\r\ndata: 1\rdata: 2\n\r\ndata: 3\n\r',
    [
      { event: 'a', data: '1\n2' },
      { event: 'message', data: '3' },
    ],
  ],
  ['characters of any length', 'data: é報🧾表\n\n', [{ event: 'message', data: 'é報🧾表' }]],
  ['a byte order mark at the beginning', '\uFEFFdata: 1\n\n', [{ event: 'message', data: '1' }]],
  ['an event that breaks off, which is none', 'data: 1\n\ndata: 2\n', [{ event: 'message', data: '1' }]],
];

describe.each(CASES)('it takes %s', (_name, stream, events) => {
  const whole = bytes(stream);

  it.each([1, 2, 3, 5, 7, whole.length])('in chunks of %d bytes', (chunkSize) => {
    expect(parse(whole, chunkSize)).toEqual(events);
  });
});

it('gives an event out as soon as its empty line is there', () => {
  const parser = new EventParser();
  expect(parser.push(bytes('data: 1\n'))).toEqual([]);
  expect(parser.push(bytes('\r'))).toEqual([{ event: 'message', data: '1' }]);
  expect(parser.push(bytes('\ndata: 2\n\n'))).toEqual([{ event: 'message', data: '2' }]);
});
