import { expect, it } from '@jest/globals';
import { never } from '../../../test/support/never.ts';
import { Semaphore } from './semaphore.ts';

/** Resolves when everything that can happen at once has happened. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

it('lets so many in at once and the others in the order they came', async () => {
  const semaphore = new Semaphore(2);
  const inside: number[] = [];
  for (const visitor of [1, 2, 3, 4]) void semaphore.acquire(never).then(() => inside.push(visitor));
  await settled();
  expect(inside).toEqual([1, 2]);
  semaphore.release();
  await settled();
  expect(inside).toEqual([1, 2, 3]);
  semaphore.release();
  semaphore.release();
  semaphore.release();
  semaphore.release();
  await Promise.all([semaphore.acquire(never), semaphore.acquire(never)]);
  expect(inside).toEqual([1, 2, 3, 4]);
});

it('forgets who gives up waiting', async () => {
  const semaphore = new Semaphore(1);
  await semaphore.acquire(never);
  const cancel = new AbortController();
  const impatient = semaphore.acquire(cancel.signal);
  const patient = semaphore.acquire(never);
  cancel.abort(new Error('enough'));
  await expect(impatient).rejects.toThrow('enough');
  semaphore.release();
  await expect(patient).resolves.toBeUndefined();
});

it('lets nobody in who has given up already', async () => {
  const semaphore = new Semaphore(1);
  await expect(semaphore.acquire(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  await expect(semaphore.acquire(never)).resolves.toBeUndefined();
});
