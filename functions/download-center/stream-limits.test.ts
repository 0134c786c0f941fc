import { expect, it } from '@jest/globals';
import { limitStreamsPerPerson } from './stream-limits.ts';

const person = { adminId: '7', departmentId: '3', roles: [], source: 'portal' };

it('a person has ten places, which come free again; others have their own', async () => {
  const inPlace = limitStreamsPerPerson();
  const leaving = Promise.withResolvers<void>();
  const held = Array.from({ length: 10 }, () => inPlace(person, () => leaving.promise));
  await expect(inPlace(person, async () => {})).rejects.toMatchObject({ code: 'rate-limited' });
  await expect(inPlace({ ...person, adminId: '8' }, async () => {})).resolves.toBeUndefined();
  leaving.resolve();
  await Promise.all(held);
  await expect(inPlace(person, async () => {})).resolves.toBeUndefined();
});

it('work that fails frees its place', async () => {
  const inPlace = limitStreamsPerPerson();
  for (let n = 0; n < 11; n++) {
    await expect(inPlace(person, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  }
});
