import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { projectRoot } from '../../infra/setup/local-folder.ts';
import { resourceFaults } from './check-made.ts';
import { madeEnvironmentFaults, type Parsers } from './check-made-environment.ts';
import { madeGrantFaults } from './check-made-grants.ts';
import { monitoringFaults } from './check-made-monitoring.ts';
import { connectionFaults, indexFaults } from './check-made-records.ts';
import { readSources, type Sources } from './configuration.ts';
import { makeSystems, type System, terraform } from './made.ts';
import { plantedBatches, withFaults } from './planted-batches.ts';
import { SETTINGS } from './settings.ts';

jest.setTimeout(120_000);

let sources: Sources;
let page: string;
let parsers: Parsers;
beforeAll(async () => {
  sources = await readSources();
  page = await readFile(join(projectRoot, 'docs/iam.md'), 'utf8');
  const names = ['create-report', 'download-center', 'aggregate', 'notify', 'sweep', 'query-table'];
  const imported = names.map(async (name) => [name, (await import(`../../functions/${name}/config.ts`)).parseConfig]);
  parsers = Object.fromEntries(await Promise.all(imported));
});

const CHECKS: Readonly<Record<string, (system: System) => string[]>> = {
  'every resource is as it is to be, and no other is made': resourceFaults,
  'every function takes its environment, and is led where it is to go': (system) =>
    madeEnvironmentFaults(system, parsers),
  'the grants, with their conditions, are those of docs/iam.md': (system) => madeGrantFaults(system, page),
  'Firestore’s indexes are those of the emulator': indexFaults,
  'no database gets more connections than it may': connectionFaults,
  'alerts, dashboard and metrics ask for what there is': monitoringFaults,
};

const describeIfInstalled = terraform ? describe : describe.skip;

describeIfInstalled.each(SETTINGS.map(({ environment }) => environment))('of what is planned for %s', (environment) => {
  let system: System | undefined;
  beforeAll(async () => {
    [system] = await makeSystems(sources, [environment]);
  });

  it.each(Object.entries(CHECKS))('%s', (_name, check) => {
    expect(system && check(system)).toEqual([]);
  });

  it('and a function of the system’s own that asks nobody for a right is noticed', () => {
    const made = system?.made.map((one) => ({ ...one, values: { ...one.values, invoker_iam_disabled: true } })) ?? [];
    const faults = system && resourceFaults({ ...system, made });
    expect(faults).toContain('module.sweep.google_cloud_run_v2_service.this: lets in whoever calls');
  });
});

describeIfInstalled.each(plantedBatches())('of what is planned with all of $name', ({ name, planted }) => {
  let told: string[] = [];
  beforeAll(async () => {
    const [system] = await makeSystems(withFaults(sources, planted), [name.replace(/-.*/, '')]);
    told = system ? Object.values(CHECKS).flatMap((check) => check(system)) : [];
  });

  it.each(planted)('is noticed: $fault', ({ fault }) => {
    expect(told).toEqual(expect.arrayContaining([expect.stringContaining(fault)]));
  });
});
