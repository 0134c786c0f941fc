import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { allServices } from '../../infra/deploy/services.ts';
import { projectRoot } from '../../infra/setup/local-folder.ts';
import type { Answer } from './fake-programs.ts';
import { deploy, PLACE } from './faked-deploy.ts';

describe('bootstrap', () => {
  const missing = (to: RegExp): Answer => ({ to, code: 1 });

  it('makes what is missing, and ends where Terraform is to be run', async () => {
    const nothing = [missing(/describe/)];
    const { code, stderr, gcloud } = await deploy(['bootstrap', ...PLACE, '--environment', 'staging'], {
      gcloud: nothing,
    });
    expect(code).toBe(1);
    expect(gcloud.filter((call) => !/describe/.test(call)).map((call) => call.split(' ', 3).join(' '))).toEqual([
      // Two requests, because one enables at most twenty APIs.
      'services enable artifactregistry.googleapis.com',
      'services enable storage.googleapis.com',
      'beta services identity',
      'storage buckets create',
      'storage buckets update',
      'artifacts repositories create',
      'iam service-accounts create',
      'artifacts repositories add-iam-policy-binding',
      'projects add-iam-policy-binding my-project',
      'projects add-iam-policy-binding my-project',
    ]);
    expect(stderr).toContain(
      'Do this by hand, then run this command again:\n\nterraform -chdir=terraform/environments/staging init ',
    );
    expect(stderr).toContain('-target=module.system.google_secret_manager_secret.table_database_url');
  });

  it('ends where secrets are to be filled, and names those that have no value', async () => {
    const empty = [missing(/versions describe latest --secret=table-database-url-plt-fund-vs-payment /)];
    const { code, stderr, gcloud } = await deploy(['bootstrap', ...PLACE], { gcloud: empty });
    expect(code).toBe(1);
    expect(stderr.match(/gcloud secrets versions add \S+/g)).toEqual([
      'gcloud secrets versions add table-database-url-plt-fund-vs-payment',
    ]);
    expect(gcloud.join('\n')).not.toMatch(/versions add|buckets create|run /);
  });

  it('has the records’ address filled where Terraform has made its secret, and does not ask for it elsewhere', async () => {
    const noValue = missing(/versions describe latest --secret=record-database-url /);
    const { code, stderr } = await deploy(['bootstrap', ...PLACE], { gcloud: [noValue] });
    expect(code).toBe(1);
    expect(stderr.match(/gcloud secrets versions add \S+/g)).toEqual([
      'gcloud secrets versions add record-database-url',
    ]);
    const noSecret = missing(/secrets describe record-database-url /);
    const elsewhere = await deploy(['bootstrap', ...PLACE], {
      gcloud: [noSecret, noValue, missing(/describe notify/)],
    });
    expect(elsewhere.stderr).toMatch(/again:\n\nterraform \S+ apply\n/);
  });

  it('ends where Terraform is to make the functions', async () => {
    const { code, stderr, done } = await deploy(['bootstrap', ...PLACE], { gcloud: [missing(/describe notify/)] });
    expect(code).toBe(1);
    expect(stderr).toMatch(/again:\n\nterraform \S+ apply\n/);
    expect(done('run deploy')).toEqual([]);
  });

  it('deploys every function once all of that is there', async () => {
    const { code, done } = await deploy(['bootstrap', ...PLACE]);
    expect(code).toBe(0);
    expect(done('run deploy').sort()).toEqual((await allServices()).map(({ name }) => name).sort());
  });
});

describe('what builds the images', () => {
  const granted = async () => {
    const { gcloud } = await deploy(['bootstrap', ...PLACE], { gcloud: [{ to: /secrets describe/, code: 1 }] });
    return gcloud.filter((call) => call.includes('add-iam-policy-binding') && call.includes('report-builder@'));
  };

  /** Returns the role and the resource as docs/iam.md writes them. */
  const rightOf = (call: string) => {
    const [, role] = /--role=(\S+)/.exec(call) ?? [];
    const [, repository] = /^artifacts repositories add-iam-policy-binding (\S+)/.exec(call) ?? [];
    const [, bucket] = /startsWith\('projects\/_\/buckets\/([^']+)\/'\)$/.exec(call.replace(/ --format=.*/, '')) ?? [];
    const place = bucket?.replace('my-project', 'PROJECT').replace('europe-west1', 'REGION');
    return `${role} on ${repository ?? (place ? `objects of ${place}` : 'the project')}`;
  };

  const toldIn = (page: string) =>
    [...page.matchAll(/^- `(roles\/\S+)` on ([^:]+):/gm)].map(([, role, resource]) => `${role} on ${resource}`);

  it('may do what docs/iam.md says, and read nothing of the reports', async () => {
    const rights = (await granted()).map(rightOf);
    const page = await readFile(join(projectRoot, 'docs/iam.md'), 'utf8');
    expect(toldIn(page).sort()).toEqual(rights.sort());
  });

  it('is noticed to read everything, if nothing narrows it', async () => {
    const reading = (await granted()).find((call) => call.includes('roles/storage.objectViewer')) ?? '';
    expect(rightOf(reading)).toBe('roles/storage.objectViewer on objects of run-sources-PROJECT-REGION');
    expect(rightOf(reading.replace(/--condition=.*(?= --format)/, '--condition=None'))).toBe(
      'roles/storage.objectViewer on the project',
    );
  });
});
