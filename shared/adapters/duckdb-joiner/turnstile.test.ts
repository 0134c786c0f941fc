import { expect, it } from '@jest/globals';
import { never } from '../../../test/support/never.ts';
import { Turnstile } from './turnstile.ts';

/** What has happened once everything that can happen at once has. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

it('lets so many in at once and the others in the order they came', async () => {
  const turnstile = new Turnstile(2);
  const inside: number[] = [];
  for (const visitor of [1, 2, 3, 4]) void turnstile.enter(never).then(() => inside.push(visitor));
  await settled();
  expect(inside).toEqual([1, 2]);
  turnstile.leave();
  await settled();
  expect(inside).toEqual([1, 2, 3]);
  turnstile.leave();
  turnstile.leave();
  turnstile.leave();
  turnstile.leave();
  await Promise.all([turnstile.enter(never), turnstile.enter(never)]);
  expect(inside).toEqual([1, 2, 3, 4]);
});

it('forgets who gives up waiting', async () => {
  const turnstile = new Turnstile(1);
  await turnstile.enter(never);
  const cancel = new AbortController();
  const impatient = turnstile.enter(cancel.signal);
  const patient = turnstile.enter(never);
  cancel.abort(new Error('enough'));
  await expect(impatient).rejects.toThrow('enough');
  turnstile.leave();
  await expect(patient).resolves.toBeUndefined();
});

it('lets nobody in who has given up already', async () => {
  const turnstile = new Turnstile(1);
  await expect(turnstile.enter(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  await expect(turnstile.enter(never)).resolves.toBeUndefined();
});
