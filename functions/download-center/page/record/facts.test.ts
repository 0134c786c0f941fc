import { describe, expect, it } from '@jest/globals';
import type { DownloadRecord, SourceProgress, Status } from '../../../../shared/api-client/types.ts';
import { dataAsOf, durationMs, shareOf, stagesOf, statusOf } from './facts.ts';

const source = (fields: Partial<SourceProgress>): SourceProgress => ({
  table: 'plt_fund.vs_withdraw',
  stage: 0,
  status: 'QUERYING',
  rows: 0,
  ...fields,
});

const record = (fields: Partial<DownloadRecord>) =>
  ({ createdAt: '2026-03-01T00:00:00.000Z', history: [], sources: {}, ...fields }) as DownloadRecord;

it.each<[string, Partial<SourceProgress>, number | undefined]>([
  ['waits', { status: 'WAITING' }, 0],
  ['is in work', { rows: 25, expectedRows: 100 }, 0.25],
  ['has more rows than expected', { rows: 130, expectedRows: 100 }, 0.99],
  ['is of unknown size', { rows: 25 }, undefined],
  ['is done', { status: 'DONE', rows: 0 }, 1],
])('how far a source is that %s', (_name, fields, share) => {
  expect(shareOf(source(fields))).toBe(share);
});

it('a stage is as far as its sources together', () => {
  const sources = {
    payments: source({ stage: 1, status: 'WAITING' }),
    admins: source({ status: 'DONE' }),
    tags: source({ rows: 50, expectedRows: 100 }),
    unknown: source({ rows: 5 }),
  };
  expect(
    stagesOf(record({ sources })).map(({ stage, share, sources: of }) => [stage, share, of.map(({ name }) => name)]),
  ).toEqual([
    [0, 0.5, ['admins', 'tags', 'unknown']],
    [1, 0, ['payments']],
  ]);
});

describe('it took', () => {
  const now = Date.parse('2026-03-01T00:01:00.000Z');
  const history = [
    { status: 'QUEUED', at: '2026-03-01T00:00:00.000Z' },
    { status: 'COMPLETED', at: '2026-03-01T00:00:04.000Z' },
    { status: 'EXPIRED', at: '2026-03-08T00:00:04.000Z' },
  ] as const;

  it.each([
    ['until its first end', 3, 4000],
    ['until now while it is in work', 1, 60_000],
  ])('%s', (_name, steps, milliseconds) => {
    expect(durationMs(record({ history: history.slice(0, steps) }), now)).toBe(milliseconds);
  });

  it('no less than nothing, by a clock that is behind', () => {
    expect(durationMs(record({}), now - 3_600_000)).toBe(0);
  });
});

it('the data is as of the earliest snapshot', () => {
  const sources = {
    a: source({ dataAsOf: '2026-03-01T00:00:02.000Z' }),
    b: source({ dataAsOf: '2026-03-01T00:00:01.000Z' }),
    c: source({}),
  };
  expect(dataAsOf(record({ sources }))).toBe('2026-03-01T00:00:01.000Z');
  expect(dataAsOf(record({}))).toBeUndefined();
});

it.each<[Partial<DownloadRecord>, Status]>([
  [{ status: 'COMPLETED', expiresAt: '2026-03-08T00:00:00.000Z' }, 'COMPLETED'],
  [{ status: 'COMPLETED', expiresAt: '2026-03-02T00:00:00.000Z' }, 'EXPIRED'],
  [{ status: 'WRITING' }, 'WRITING'],
])('%j is shown as %s', (fields, status) => {
  expect(statusOf(record(fields), Date.parse('2026-03-02T00:00:00.000Z'))).toBe(status);
});
