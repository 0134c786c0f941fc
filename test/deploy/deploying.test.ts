import { describe, expect, it } from '@jest/globals';
import { allServices } from '../../infra/deploy/services.ts';
import { localDeployments } from '../../infra/local-system/deployments.ts';
import { loadTables } from '../../shared/catalogue/catalogue.ts';
import { type Answer, fakePrograms } from './fake-programs.ts';
import { deploy, HEAD, PLACE } from './faked-deploy.ts';
import { runDeploy, runProgram } from './run-deploy.ts';

it('what is deployed are the functions that run locally', async () => {
  const tables = [...(await loadTables()).keys()];
  const login = { host: 'h', port: 1, user: 'u', password: 'p', database: 'd' };
  const local = localDeployments({
    cloudEnv: {},
    tracesEndpoint: 'u',
    issuer: { url: 'u', jwksUrl: 'u' },
    signIn: { url: 'u', origin: 'o' },
    redisUrl: 'u',
    recordDatabaseUrl: 'u',
    logins: Object.fromEntries(tables.map((table) => [table, login])),
    internalUrl: (name) => name,
    origin: 'o',
    webhooks: [],
  });
  const targetsOf = (functions: { target: string }[]) => functions.map(({ target }) => target).sort();
  const services = await allServices();
  expect(targetsOf(services)).toEqual(targetsOf(local));
  expect(services.map(({ name }) => name)).toContain('query-plt-fund-vs-withdraw');
  for (const { name } of services) expect(name).toMatch(/^[a-z][a-z0-9-]{0,48}$/);
});

describe('function', () => {
  it('builds the page, deploys the code labelled with its commit, and gives it the traffic', async () => {
    const { code, calls } = await deploy(['function', 'sweep', ...PLACE]);
    expect(code).toBe(0);
    const where = ['--project=my-project', '--region=europe-west1'];
    expect(calls).toEqual([
      [
        'git',
        'status',
        '--porcelain',
        '--',
        'functions',
        'shared',
        'package.json',
        'package-lock.json',
        '.gcloudignore',
        'functions/index.ts',
        'functions/manifest.ts',
        'functions/bundle.ts',
      ],
      ['npm', 'run', 'build'],
      ['git', 'rev-parse', '--short=12', 'HEAD'],
      ['gcloud', 'run', 'services', 'describe', 'sweep', ...where, '--format=value(metadata.labels.commit)'],
      [
        ...['gcloud', 'run', 'deploy', 'sweep', ...where, '--source=.', '--function=sweep', '--base-image=nodejs24'],
        '--set-build-env-vars=GOOGLE_NODEJS_VERSION=24.x.x',
        '--build-service-account=projects/my-project/serviceAccounts/report-builder@my-project.iam.gserviceaccount.com',
        '--update-labels=commit=abc123',
        '--quiet',
      ],
      ['gcloud', 'run', 'services', 'update-traffic', 'sweep', ...where, '--to-latest'],
    ]);
  });

  it('deploys nothing that is not committed', async () => {
    const dirty = { to: /^status/, stdout: ' M shared/ports/fan-in.ts\n' };
    const { code, stderr, gcloud } = await deploy(['function', 'sweep', ...PLACE], { git: [dirty] });
    expect({ code, gcloud }).toEqual({ code: 1, gcloud: [] });
    expect(stderr).toContain('shared/ports/fan-in.ts');
  });

  it('deploys no function that Terraform has not made, which would have no configuration', async () => {
    const missing = { to: /describe sweep/, stderr: 'ERROR: Cannot find service [sweep]\n', code: 1 };
    const { code, stderr, done } = await deploy(['function', 'sweep', 'notify', ...PLACE], { gcloud: [missing] });
    expect(code).toBe(1);
    expect(stderr).toContain('sweep: ERROR: Cannot find service [sweep]');
    expect(done('run deploy')).toEqual(['notify']);
  });

  it('deploys the others once create-report has the traffic', async () => {
    const { code, gcloud } = await deploy(['function', 'aggregate', 'create-report', 'sweep', ...PLACE]);
    expect(code).toBe(0);
    const steps = gcloud.flatMap(
      (line) => /^run (deploy|services update-traffic) (\S+)/.exec(line)?.slice(1).join(' ') ?? [],
    );
    expect(steps.slice(0, 2)).toEqual(['deploy create-report', 'services update-traffic create-report']);
    expect(steps.slice(2)).toHaveLength(4);
  });

  it('deploys the others when one fails, and then says which did', async () => {
    const broken = { to: /^run deploy aggregate/, stderr: 'ERROR: Build failed\n', code: 1 };
    const { code, stderr, done } = await deploy(['function', 'aggregate', 'sweep', ...PLACE], { gcloud: [broken] });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^aggregate: ERROR: Build failed$/m);
    expect(done('run services update-traffic')).toEqual(['sweep']);
  });

  it('knows no other names', async () => {
    const { code, stderr, calls } = await deploy(['function', 'swep', ...PLACE]);
    expect({ code, calls }).toEqual({ code: 1, calls: [] });
    expect(stderr).toContain('there is no function swep; there are: create-report, ');
  });
});

describe('changed', () => {
  const commits: Answer[] = [
    { to: /describe notify/, stdout: 'older\n' },
    { to: /describe/, stdout: 'deployed\n' },
  ];

  it('deploys the functions that differ from the commit they are labelled with', async () => {
    const differs = { to: /^diff --quiet older HEAD -- functions\/notify shared package.json /, code: 1 };
    const { code, stderr, done } = await deploy(['changed', ...PLACE], { gcloud: commits, git: [differs] });
    expect(code).toBe(0);
    expect(stderr).toContain('nothing to do: git diff --quiet deployed HEAD -- functions/sweep ');
    expect(done('run deploy')).toEqual(['notify']);
    expect(done('run services update-traffic')).toEqual(['notify']);
  });

  it('deploys what bears no commit, or one that is unknown here', async () => {
    const unknown = { to: /^diff/, stderr: 'fatal: bad object\n', code: 128 };
    const { code, done } = await deploy(['changed', ...PLACE], { git: [unknown] });
    expect(code).toBe(0);
    expect(done('run deploy').sort()).toEqual((await allServices()).map(({ name }) => name).sort());
  });
});

describe('rollback', () => {
  const revisions: Answer[] = [
    { to: /services describe sweep/, stdout: 'sweep-00007\n' },
    { to: /revisions describe sweep-00007/, stdout: '2026-11-23T08:00:00.123456Z\n' },
  ];

  it('gives the traffic to the youngest ready revision before the one that has it', async () => {
    const before = { to: /revisions list .*creationTimestamp<"2026-11-23T08:00:00.123456Z"/, stdout: 'sweep-00005\n' };
    const { code, gcloud } = await deploy(['rollback', 'sweep', ...PLACE], { gcloud: [...revisions, before] });
    expect(code).toBe(0);
    expect(gcloud.at(-1)).toBe(
      'run services update-traffic sweep --project=my-project --region=europe-west1 --to-revisions=sweep-00005=100',
    );
  });

  it('changes nothing if there is none', async () => {
    const { code, stderr, done } = await deploy(['rollback', 'sweep', ...PLACE], { gcloud: revisions });
    expect(code).toBe(1);
    expect(stderr).toContain('sweep has no revision before sweep-00007');
    expect(done('run services update-traffic')).toEqual([]);
  });
});

it.each([
  [[]],
  [['destroy']],
  [['rollback', ...PLACE]],
  [['rollback', 'sweep', 'notify', ...PLACE]],
  [['rollback', 'sweep', ...PLACE, '--record', '01a']],
  [['changed', '--project', 'my-project']],
])('%j is answered with how it is used, and nothing is called', async (args) => {
  const { code, stderr, calls } = await deploy(args);
  expect({ code, calls }).toEqual({ code: 1, calls: [] });
  expect(stderr).toContain('usage: npm run deploy -- <what> [--dry-run]');
});

it('schema prints every declared table, for databases to try the system on', async () => {
  const { code, stdout } = await deploy(['schema']);
  expect(code).toBe(0);
  const made = [...stdout.matchAll(/CREATE TABLE `(\w+)`\.`(\w+)`/g)].map(
    ([, database, table]) => `${database}.${table}`,
  );
  expect(made).toEqual([...(await loadTables()).keys()]);
});

it('a program that is not installed is named', async () => {
  await using programs = await fakePrograms({ git: [HEAD], npm: [] });
  const path = programs.env.PATH?.split(':', 1)[0] ?? '';
  const { code, stderr } = await runDeploy(['rollback', 'sweep', ...PLACE], { PATH: path });
  expect({ code, stderr }).toEqual({ code: 1, stderr: 'gcloud is not installed\n' });
});

describe('a printed script', () => {
  /**
   * Runs the script that the command prints, under `bash -e`. Resolves to its exit code and the services that it
   * deploys.
   */
  async function follow(args: string[], answer: Answer) {
    const { stdout } = await deploy([...args, ...PLACE, '--dry-run']);
    await using programs = await fakePrograms({ gcloud: [answer], npm: [], git: [unknown, HEAD] });
    const { code } = await runProgram('bash', ['-euc', stdout], programs.env);
    const calls = await programs.calls();
    return { code, deployed: calls.filter((call) => call[2] === 'deploy').map((call) => call[3]) };
  }
  /** Git's response to an empty commit name, which it does not know. */
  const unknown = { to: /^diff --quiet {2}/, code: 128 };

  it('deploys no function that Terraform has not made', async () => {
    const missing = { to: /describe sweep/, code: 1 };
    expect(await follow(['function', 'sweep'], missing)).toEqual({ code: 1, deployed: [] });
  });

  it('deploys what has never been deployed', async () => {
    const unlabelled = { to: /describe/, stdout: '\n' };
    const { code, deployed } = await follow(['changed'], unlabelled);
    expect({ code, deployed }).toEqual({ code: 0, deployed: (await allServices()).map(({ name }) => name) });
  });
});

it('a bootstrap is of an environment that there is', async () => {
  const { code, stderr } = await deploy(['bootstrap', '--environment', 'prod', ...PLACE]);
  expect(code).toBe(1);
  expect(stderr).toContain('--environment takes production or staging, not prod');
});
