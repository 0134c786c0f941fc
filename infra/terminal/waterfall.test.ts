import { describe, expect, it } from '@jest/globals';
import type { CollectedSpan } from '../local-cloud/otlp.ts';
import { waterfall } from './waterfall.ts';

const T0 = 1_795_409_655_741;

/** Returns a span from `from` to `to`, in milliseconds of the trace. */
function span(
  spanId: string,
  parentSpanId: string | undefined,
  from: number,
  to: number,
  rest: Partial<CollectedSpan> = {},
): CollectedSpan {
  return {
    traceId: 't',
    spanId,
    parentSpanId,
    name: spanId,
    kind: 'INTERNAL',
    service: 'aggregate',
    start: T0 + from,
    end: T0 + to,
    attributes: {},
    links: [],
    failed: false,
    ...rest,
  };
}

const lines = (spans: CollectedSpan[], width = 80) => waterfall(spans, width).split('\n').slice(0, -1);

describe('a waterfall', () => {
  const request = span('request', undefined, 0, 25, { service: 'create-report' });
  const look = span('look', 'request', 50, 100);
  const join = span('join', 'look', 50, 75, { attributes: { 'report.rows': 12 } });
  const complete = span('complete', 'look', 75, 100);

  it('has a line per span, below its parent, with a bar on the time scale of the trace', () => {
    expect(waterfall([complete, look, request, join], 61)).toBe(`\
create-report: request █████                    0 ms    25 ms
 aggregate: look                 ██████████    50 ms    50 ms
  join (12 rows)                 █████         50 ms    25 ms
  complete                            █████    75 ms    25 ms
`);
  });

  it.each([40, 80, 120, 200])('fills the width: %p', (width) => {
    const long = span('x'.repeat(150), 'join', 100, 100);
    expect(new Set(lines([request, look, join, complete, long], width).map(({ length }) => length))).toEqual(
      new Set([width]),
    );
  });

  it('truncates names rather than bars', () => {
    const [line] = lines([span('a name that is far too long', undefined, 0, 10)], 50);
    expect(line).toBe(`aggregate:… ${'█'.repeat(20)}     0 ms    10 ms`);
  });

  it('shows spans without duration, also at the very end', () => {
    const shown = lines([request, look, span('nothing', 'look', 100, 100)], 60);
    expect(shown.at(-1)).toMatch(/^ {2}nothing +█ {3}100 ms {5}0 ms$/);
    expect(lines([span('all', undefined, 5, 5)], 60)[0]).toMatch(/^aggregate: all █+ +0 ms {5}0 ms$/);
  });

  it('has spans without a parent in the trace at its top level', () => {
    expect(lines([look, join]).map((line) => line.split(/ █| {3}/)[0])).toEqual(['aggregate: look', ' join (12 rows)']);
  });

  it.each<[CollectedSpan['attributes'], string]>([
    [{ 'report.attempt': 2, 'report.delivery_attempt': 3 }, 'work (try 2, delivery 3)'],
    [{ 'report.attempt': 0, 'report.delivery_attempt': 1 }, 'work '],
    [{ 'error.type': 'QUERY_REFUSED' }, 'work (FAILED: QUERY_REFUSED)'],
  ])('notes unusual attributes: %j', (attributes, label) => {
    expect(lines([span('work', undefined, 0, 1, { attributes })])[0]).toContain(`aggregate: ${label}`);
  });
});
