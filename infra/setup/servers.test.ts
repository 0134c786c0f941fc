import { chmod, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { installInstructions } from './ensure-servers.ts';
import { apt, brew, dnf } from './package-managers.ts';
import { findPrograms, SERVER_PROGRAMS } from './server-programs.ts';

describe('a person is asked to install what is missing', () => {
  it.each([
    [
      'apt-get',
      apt,
      'sudo apt-get update && sudo apt-get install -y --no-install-recommends --no-remove mariadb-server-core mariadb-client-core redis-tools',
    ],
    ['dnf', dnf, 'sudo dnf install -y mariadb-server mariadb redis'],
    ['brew', brew, 'brew install mariadb redis'],
  ])('with %s', (_, manager, command) => {
    expect(installInstructions(SERVER_PROGRAMS, manager).split('\n')).toContain(`  ${command}`);
  });

  it('naming only what is missing', () => {
    const message = installInstructions(['redis-server'], brew);
    expect(message).toContain('Not installed: redis-server.');
    expect(message).not.toContain('mariadb');
  });

  it('without a command if the package manager is unknown', () => {
    expect(installInstructions(['mariadbd'], undefined)).toMatch(/^Not installed: mariadbd. Install MariaDB/);
  });
});

describe('finding the programs', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'programs-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const install = async (name: string, mode = 0o755) => {
    await writeFile(join(folder, name), '#!/bin/sh\n');
    await chmod(join(folder, name), mode);
  };

  it('finds executables only', async () => {
    await install('mariadbd');
    await install('mariadb', 0o644);
    expect(findPrograms(join(folder, 'links'), ['/nowhere', folder])).toEqual({
      mariadbd: join(folder, 'mariadbd'),
    });
  });

  it('links redis-server to redis-check-rdb if only redis-tools is installed, however often it is called', async () => {
    await install('redis-check-rdb');
    const link = join(folder, 'links', 'redis-server');
    for (let time = 0; time < 2; time++) {
      expect(findPrograms(join(folder, 'links'), [folder])).toEqual({ 'redis-server': link });
    }
    expect(await readlink(link)).toBe(join(folder, 'redis-check-rdb'));
  });
});
