import { describe, expect, it } from '@jest/globals';
import { allServices } from '../../infra/deploy/services.ts';
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
      // In two requests: one takes twenty.
      'services enable artifactregistry.googleapis.com',
      'services enable storage.googleapis.com',
      'beta services identity',
      'storage buckets create',
      'storage buckets update',
      'artifacts repositories create',
      'iam service-accounts create',
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
