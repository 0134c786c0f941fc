import { describe, expect, it } from '@jest/globals';
import { costOfSharing, effortOf, estimateCost, type Usage } from './cost.ts';
import { LIST_PRICES } from './list-prices.ts';

const GIB = 2 ** 30;
const machine = { vcpu: 1, memoryGib: 0.5 };

/** An export that used nothing but what is charged per operation. */
const nothing: Usage = {
  sources: [],
  aggregate: [],
  stages: 1,
  seconds: 0,
  hashBytes: 0,
  parts: { count: 0, bytes: 0 },
  file: { bytes: 0, days: 7 },
  recordsInFirestore: false,
};
const estimate = (changes: Partial<Usage>) => estimateCost({ ...nothing, ...changes });

it.each([
  [1250, 1.25],
  [-7, 0],
])('an effort of %d ms lasts %d s', (milliseconds, seconds) => {
  const began = new Date('2026-03-01T12:00:00.000Z');
  expect(effortOf(machine, began, new Date(began.getTime() + milliseconds))).toEqual({ ...machine, seconds });
});

describe('what making a file costs', () => {
  it.each<[what: string, changes: Partial<Usage>, item: 'queries' | 'aggregate' | 'redis' | 'storage', usd: string]>([
    // 10 s × (1 vCPU × 0.000024 + 0.5 GiB × 0.0000025)
    ['a query’s seconds', { sources: [{ ...machine, seconds: 10 }] }, 'queries', '0.000252500'],
    [
      'each query',
      {
        sources: [
          { ...machine, seconds: 4 },
          { ...machine, seconds: 6 },
        ],
      },
      'queries',
      '0.000252500',
    ],
    ['a tenth of a second begun', { sources: [{ ...machine, seconds: 0.101 }] }, 'queries', '0.000005050'],
    // 10 s × (2 × 0.000024 + 2 × 0.0000025)
    ['the join', { aggregate: [{ vcpu: 2, memoryGib: 2, seconds: 10 }] }, 'aggregate', '0.000530000'],
    // 1 GiB for 50 minutes, and for the ten minutes that it stays
    ['Redis', { hashBytes: GIB, seconds: 3000 }, 'redis', '0.064000000'],
    // 1 GiB for 7 of 30.42 days
    ['the file', { file: { bytes: GIB, days: 7 } }, 'storage', '0.004602740'],
    // 1 GiB for a day
    ['the parts', { parts: { count: 0, bytes: GIB }, seconds: 86_400 - 120 }, 'storage', '0.000657534'],
  ])('%s', (_what, changes, item, usd) => {
    expect(estimate(changes)[item]).toBe(usd);
  });

  it('each part, being written and read, and each read and write of Firestore', () => {
    const operations = (changes: Partial<Usage>) => Number(estimate(changes).operations);
    const parts = operations({ parts: { count: 1000, bytes: 0 } }) - operations({});
    expect(parts).toBeCloseTo(1000 * (LIST_PRICES.storage.classA + LIST_PRICES.storage.classB), 9);
    expect(operations({ recordsInFirestore: true })).toBeGreaterThan(operations({}));
  });

  it('in all: the sum of its items, to the last digit', () => {
    const sources = [{ ...machine, seconds: 1.23 }];
    const cost = estimate({
      sources,
      aggregate: sources,
      seconds: 3,
      hashBytes: 12_345,
      file: { bytes: 98_765, days: 7 },
    });
    const { queries, aggregate, redis, storage, operations } = cost;
    const sum = [queries, aggregate, redis, storage, operations].reduce((all, usd) => all + Number(usd) * 1e9, 0);
    expect(Math.round(Number(cost.total) * 1e9)).toBe(Math.round(sum));
    expect(cost.pricesOf).toBe(LIST_PRICES.date);
  });

  it('a download by where it goes, which is no part of the sum', () => {
    const { download, total } = estimate({ file: { bytes: GIB, days: 0 } });
    expect(download).toEqual({
      sameRegion: '0.000000000',
      worldwide: '0.120000000',
      china: '0.230000000',
      australia: '0.190000000',
    });
    expect(total).toBe(estimate({}).total);
  });
});

it('a file that is shared costs its downloads alone', () => {
  const none = '0.000000000';
  expect(costOfSharing(GIB)).toEqual({
    ...{ queries: none, aggregate: none, redis: none, storage: none, operations: none, total: none },
    pricesOf: LIST_PRICES.date,
    download: estimate({ file: { bytes: GIB, days: 7 } }).download,
  });
});
