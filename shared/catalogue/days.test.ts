import { expect, it } from '@jest/globals';
import { dayAfter } from './days.ts';

it.each([
  ['2026-01-01', '2026-01-02'],
  ['2026-12-31', '2027-01-01'],
  ['2026-02-28', '2026-03-01'],
  ['2028-02-28', '2028-02-29'],
  ['9999-12-30', '9999-12-31'],
  ['9999-12-31', '9999-12-31 23:59:59.999999'],
])('a range that includes %s ends before %s', (day, next) => {
  expect(dayAfter(day)).toBe(next);
});
