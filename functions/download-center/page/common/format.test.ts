import { describe, expect, it } from '@jest/globals';
import { formatFor } from './format.ts';

const format = formatFor('en', 'Asia/Taipei');
const AT = '2026-03-01T16:05:09.000Z';

it.each([
  [0, '0 B'],
  [1, '1 B'],
  [999, '999 B'],
  [1000, '1 kB'],
  [999_949, '999.9 kB'],
  [999_950, '1 MB'],
  [1_934_567, '1.9 MB'],
  [2_000_000_000, '2 GB'],
  [3_000_000_000_000, '3,000 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(format.bytes(bytes)).toBe(text);
});

it.each(['zh-TW', 'zh-CN'] as const)('a few bytes are in no English words in %s', (locale) => {
  expect(formatFor(locale).bytes(91)).toBe('91 B');
});

it.each([
  ['0.000000000', '$0'],
  ['0.000031408', '$0.000031'],
  ['0.004567000', '$0.0046'],
  ['1.234000000', '$1.2'],
])('%s US dollars are %s', (amount, text) => {
  expect(format.usd(amount)).toBe(text);
});

it('US dollars are told from others where there are others', () => {
  expect(formatFor('zh-TW').usd('0.000031408')).toBe('US$0.000031');
});

it.each([
  [0, '0 sec'],
  [104, '0.1 sec'],
  [4270, '4.3 sec'],
  [59_400, '59 sec'],
  [59_999, '59 sec'],
  [60_000, '1 min 0 sec'],
  [125_000, '2 min 5 sec'],
  [3_599_999, '59 min 59 sec'],
  [3_600_000, '1 hr 0 min'],
  [9_000_000, '2 hr 30 min'],
])('%d ms last %s', (milliseconds, text) => {
  expect(format.duration(milliseconds)).toBe(text);
});

it.each([
  ['2026-03-08T16:05:08.000Z', 'in 7 days'],
  ['2026-03-08T02:05:08.000Z', 'in 6 days'],
  ['2026-03-08T15:05:09.000Z', 'in 6 days'],
  ['2026-03-03T16:05:09.000Z', 'in 2 days'],
  ['2026-03-03T04:05:09.000Z', 'in 36 hours'],
  ['2026-03-02T16:05:08.000Z', 'in 24 hours'],
  ['2026-03-01T18:05:00.000Z', 'in 2 hours'],
  ['2026-03-01T16:05:40.000Z', 'in 31 seconds'],
  ['2026-03-01T16:05:09.000Z', 'now'],
  ['2026-03-01T16:00:00.000Z', '5 minutes ago'],
])('%s is %s', (iso, text) => {
  expect(format.relative(iso, Date.parse(AT))).toBe(text);
});

describe('an instant is in the person’s zone', () => {
  it.each([
    ['en', 'Mar 2, 2026, 00:05'],
    ['zh-TW', '2026年3月2日 00:05'],
    ['zh-CN', '2026年3月2日 00:05'],
  ] as const)('in %s', (locale, text) => {
    // Some languages use a narrow space there.
    expect(formatFor(locale, 'Asia/Taipei').instant(AT).replace(/\s/g, ' ')).toBe(text);
  });

  it('which is told', () => {
    expect([format.zone(AT), formatFor('en', 'UTC').zone(AT)]).toEqual(['Asia/Taipei (GMT+8)', 'UTC (GMT+0)']);
  });

  it.each([
    ['2026-01-01T12:00:00Z', 'America/New_York (GMT-5)'],
    ['2026-07-01T12:00:00Z', 'America/New_York (GMT-4)'],
  ])('whose offset is that of the instant: %s', (at, zone) => {
    expect(formatFor('en', 'America/New_York').zone(at)).toBe(zone);
  });

  it('to the second where it matters', () => {
    expect(format.precise(AT)).toBe('Mar 2, 2026, 00:05:09');
  });

  it('without its day if that is today there', () => {
    expect(format.brief(AT, Date.parse('2026-03-02T15:59:00Z'))).toBe('00:05');
    expect(format.brief(AT, Date.parse('2026-03-02T16:01:00Z'))).toBe('Mar 2, 2026, 00:05');
  });
});

it('numbers and lists are as the language writes them', () => {
  expect([format.number(1_234_567), format.percent(0.5), format.list(['a', 'b'])]).toEqual([
    '1,234,567',
    '50%',
    'a, b',
  ]);
});
