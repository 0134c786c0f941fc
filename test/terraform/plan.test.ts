import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { findProgram } from '../../infra/setup/find-program.ts';
import { projectRoot } from '../../infra/setup/local-folder.ts';
import { readmeScript } from '../deploy/instructions.ts';
import { writtenBy } from '../deploy/printed-commands.ts';
import { type Body, parseSources, readSources, type Value } from './configuration.ts';
import { writeStandIn } from './stand-in.ts';

jest.setTimeout(60_000);

const INDEXES = 'infra/schemas/firestore.indexes.json';
const ENVIRONMENTS = ['production', 'staging'];
const run = promisify(execFile);
const terraform = findProgram('terraform') ?? '';
const folders: string[] = [];
let folder: string;

/** Writes the configuration with stand-ins and the examples' values into a new folder, and initialises it there. */
async function standIn(change: (text: string) => string = (text) => text): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'rdc-plan-'));
  folders.push(made);
  const sources = Object.fromEntries(Object.entries(await readSources()).map(([path, text]) => [path, change(text)]));
  await writeStandIn(await parseSources(sources), sources, made);
  await cp(join(projectRoot, INDEXES), join(made, INDEXES));
  for (const environment of ENVIRONMENTS) {
    const cwd = join(made, 'terraform/environments', environment);
    const example = join(projectRoot, 'terraform/environments', environment, 'terraform.tfvars.example');
    await cp(example, join(cwd, 'terraform.tfvars'));
    await run(terraform, ['init', '-input=false', '-no-color'], { cwd });
  }
  return made;
}

interface Planned {
  functions: Record<string, string>;
  secrets_to_fill: string[];
  max_user_connections: Record<string, number>;
  record_connections: number;
}

/** A function as it is planned: the stand-in's arguments, which are those of the service. */
interface Service {
  name: string;
  invoker_iam_disabled: boolean;
  template: [{ execution_environment: string | null; containers: [Body] }];
}

interface PlannedModule {
  resources?: { name: string; values: { input: unknown } }[];
  child_modules?: PlannedModule[];
}

/** Returns the planned outputs of the system. */
const plan = async (...call: Parameters<typeof planned>): Promise<Planned> =>
  (await planned(...call)).output_changes.system.after;

/** Returns the planned functions, by name. */
async function plannedServices(...call: Parameters<typeof planned>): Promise<Record<string, Service>> {
  const all = (module: PlannedModule): Service[] => [
    ...(module.resources ?? [])
      .filter(({ name }) => name === 'google_cloud_run_v2_service__this')
      .map(({ values }) => values.input as Service),
    ...(module.child_modules ?? []).flatMap(all),
  ];
  const services = all((await planned(...call)).planned_values.root_module);
  return Object.fromEntries(services.map((service) => [service.name, service]));
}

/** Returns a block's instances, whether they are written out or dynamic. */
const blocksOf = (body: Body, name: string): Value[] =>
  (body[name] ?? (body.dynamic as Record<string, Value[][]> | undefined)?.[name]?.flat() ?? []) as Value[];

/** Returns Terraform's plan. Throws Terraform's errors, on one line. */
async function planned(made: string, environment: string, ...settings: string[]) {
  const cwd = join(made, 'terraform/environments', environment);
  const set = settings.map((setting) => `-var=${setting}`);
  await run(terraform, ['plan', '-input=false', '-no-color', '-out=plan', ...set], { cwd }).catch(({ stderr }) => {
    throw new Error(String(stderr).replaceAll(/[\s│]+/g, ' '));
  });
  const { stdout } = await run(terraform, ['show', '-json', 'plan'], { cwd, maxBuffer: 100_000_000 });
  return JSON.parse(stdout);
}

const describeIfInstalled = terraform ? describe : describe.skip;

describeIfInstalled('what Terraform plans', () => {
  beforeAll(async () => {
    folder = await standIn();
  });
  afterAll(() => Promise.all(folders.map((made) => rm(made, { recursive: true }))));

  it('is written as Terraform formats it', async () => {
    const { stdout } = await run(terraform, ['fmt', '-check', '-recursive', 'terraform'], { cwd: projectRoot });
    expect(stdout).toBe('');
  });

  it.each(ENVIRONMENTS)('of %s, never exceeds what a database may lose', async (environment) => {
    const { max_user_connections: most, record_connections } = await plan(folder, environment);
    expect(most).toEqual({
      'plt_account.vs_admin': 20,
      'plt_fund.vs_payment': 20,
      'plt_fund.vs_withdraw': 20,
      'plt_user.vs_user_tag_relation': 20,
    });
    expect(record_connections).toBe(0);
  });

  it('is what the README asks for, from the variables that it writes', async () => {
    const made = await standIn();
    const variables = 'terraform/environments/production/terraform.tfvars';
    await writeFile(join(made, variables), await writtenBy(await readmeScript(), variables));
    const { functions, secrets_to_fill: secrets } = await plan(made, 'production');
    expect(functions['query-plt-fund-vs-withdraw']).toMatch(/^https:.*\.europe-west1\.run\.app$/);
    expect(secrets).toContain('webhook-endpoints');
  });

  it('is rounded down where a limit does not divide evenly', async () => {
    const databases = '{plt_fund={connection_limit=31},plt_user={connection_limit=7},plt_account={connection_limit=4}}';
    const { max_user_connections: most } = await plan(folder, 'production', `databases=${databases}`);
    expect(most).toEqual({
      'plt_account.vs_admin': 4,
      'plt_fund.vs_payment': 12,
      'plt_fund.vs_withdraw': 12,
      'plt_user.vs_user_tag_relation': 4,
    });
  });

  it('counts the pools of all functions, where records are kept in MySQL', async () => {
    expect(await plan(folder, 'production', 'record_database={connection_limit=208}')).toMatchObject({
      record_connections: 208,
    });
  });

  it('is refused with values that are none, each of them told', async () => {
    const wrong = [
      'access={mode="all"}',
      'databases={plt_fund={connection_limit=40}}',
      'domain=https://downloads.example.com',
      'max_instances={aggregate=0}',
      'notification_channels=["mail"]',
      'people={jwks_url="http://a.example",issuer="i",audience="a",sign_in_url="portal/login"}',
      'project_id=Reports',
      'region=Asia',
      'runbook_url=docs/runbook.md',
    ];
    const complaint = await plan(folder, 'production', ...wrong).catch(({ message }) => message);
    for (const told of [
      'access.mode must be "everyone", "iap" or "portal"',
      'databases must have an entry for each database in tables.json',
      'domain must be a host name',
      'Every value of max_instances must be a whole number',
      'Every entry of notification_channels must have the form projects/',
      'people.jwks_url must begin with https',
      'people.sign_in_url must be an https URL',
      'project_id must be the id of a project',
      'region must be a region of Google Cloud',
      'runbook_url must begin with https',
    ]) {
      expect(complaint).toContain(told);
    }
  });

  const others = 'plt_user={connection_limit=20},plt_account={connection_limit=20}';
  it.each([
    ['record_database={connection_limit=207}', 'Lower max_instances'],
    [`databases={plt_fund={connection_limit=7},${others}}`, 'too low for one instance'],
    [
      `databases={plt_fund={connection_limit=40,cloud_sql_instance="fund"},${others}}`,
      'must have the form PROJECT:REGION:INSTANCE',
    ],
    ['access={mode="iap"}', 'access.members must name at least one member'],
    ['access={mode="iap",members=["alice@example.com"]}', 'Every entry of access.members must start with user:'],
    [
      'access={mode="portal",members=["user:a@example.com"]}',
      'every entry of access.members must be a service account',
    ],
  ])('is refused with %s', async (setting, complaint) => {
    await expect(plan(folder, 'production', setting)).rejects.toThrow(complaint);
  });

  it.each([
    ['alert_thresholds = { redis_memory_ratio = 80 }', 'redis_memory_ratio must also be less than 1'],
    ['alert_thresholds = { failed_per_hour = -1 }', 'Every alert threshold must be greater than 0'],
    ['firestore_location = "Mars"', 'firestore_location must be a location of Firestore'],
    ['join = { memory = "16Gi" }', 'join.memory must not exceed 8Gi'],
    ['join = { spill_limit = "2GB" }', 'together exceed join.memory'],
  ])('is refused of a root module with %s', async (argument, complaint) => {
    const made = await standIn((text) => text.replace('module "system" {\n', `$&  ${argument}\n`));
    await expect(plan(made, 'production')).rejects.toThrow(complaint);
  });

  const BOTH_KINDS = 'record_database={connection_limit=208,cloud_sql_instance="records:europe-west1:records"}';
  const mountsIn = async (made: string) => {
    const { 'query-plt-fund-vs-withdraw': service } = await plannedServices(made, 'production', BOTH_KINDS);
    return blocksOf(service?.template[0].containers[0] ?? {}, 'volume_mounts').length;
  };

  it('mounts Cloud SQL once, where a table’s instance is one and the records’ another', async () => {
    expect(await mountsIn(folder)).toBe(1);
    const once = 'length(var.cloud_sql_instances) > 0 ? ["cloudsql"] : []';
    const faulty = await standIn((text) => text.replace(once, 'var.cloud_sql_instances'));
    expect(await mountsIn(faulty)).toBe(2);
  });

  it('gives DuckDB all system calls, and everything else what starts soonest', async () => {
    const services = Object.values(await plannedServices(folder, 'production'));
    const given = services.filter(({ template: [{ execution_environment: environment }] }) => environment !== null);
    expect(given.map(({ name, template: [{ execution_environment: environment }] }) => [name, environment])).toEqual([
      ['aggregate', 'EXECUTION_ENVIRONMENT_GEN2'],
    ]);
  });

  it.each([
    [[], ['create-report', 'download-center']],
    [['access={mode="iap",members=["group:admins@example.com"]}'], []],
    [['access={mode="portal",members=["serviceAccount:portal@example.iam.gserviceaccount.com"]}'], []],
  ])('with %j, opens %j to all whom the load balancer lets pass', async (settings, open) => {
    const services = Object.values(await plannedServices(folder, 'production', ...settings));
    const opened = services.filter(({ invoker_iam_disabled: isOpen }) => isOpen).map(({ name }) => name);
    expect(opened.sort()).toEqual(open);
  });

  it.each([
    { fault: 'Cycle', from: 'AGGREGATE_URL   = local.urls["aggregate"]', to: 'AGGREGATE_URL = module.aggregate.name' },
    {
      fault: 'Inconsistent conditional',
      from: '[for name, table in local.tables : name if',
      to: 'true ? [1] : { a = 1 } #',
    },
  ])('is refused with a planted fault: $fault', async ({ fault, from, to }) => {
    const faulty = await standIn((text) => text.replace(from, to));
    await expect(plan(faulty, 'production')).rejects.toThrow(fault);
  });
});
