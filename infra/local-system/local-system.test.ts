import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { startLocalSystem } from './local-system.ts';

const children = () =>
  readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').filter(Boolean);

it('a system whose function does not start leaves nothing running', async () => {
  const before = children();
  const starting = startLocalSystem({
    purpose: 'test-start',
    demo: { rows: 10 },
    adjust: async (deployment) => (deployment.name === 'sweep' ? { ...deployment, env: {} } : deployment),
  });
  await expect(starting).rejects.toThrow('the environment is incomplete');
  expect(children()).toEqual(before);
});
