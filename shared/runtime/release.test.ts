import { expect, it } from '@jest/globals';
import { release } from './release.ts';

it('gives back the memory of a large buffer, also of the one that it is a slice of', () => {
  const whole = Buffer.allocUnsafeSlow(1024 * 1024);
  const slice = whole.subarray(0, 10);
  release(slice);
  expect([whole.length, slice.length, whole.buffer.byteLength]).toEqual([0, 0, 0]);
});

it('leaves a small one, which may share its memory', () => {
  const small = Buffer.from('small');
  const neighbour = Buffer.from('neighbour');
  release(small);
  expect([small.toString(), neighbour.toString()]).toEqual(['small', 'neighbour']);
});
