import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../../infra/setup/find-program.ts';
import { projectRoot } from '../../infra/setup/local-folder.ts';
import { type Body, parseSources, type Sources, type Value } from './configuration.ts';
import { SETTINGS, type Setting } from './settings.ts';
import { NAMES, writeStandIn } from './stand-in.ts';

export const terraform = findProgram('terraform') ?? '';

/** A resource as Terraform plans it, with every argument known. */
export interface Made {
  /** The address within the system, e.g. `module.query_table["plt_fund.vs_withdraw"].google_service_account.this`. */
  readonly address: string;
  readonly type: string;
  readonly values: Body;
}

/** What Terraform creates for an environment, and its outputs. */
export interface System extends Setting {
  readonly made: readonly Made[];
  readonly told: Body;
}

const INDEXES = 'infra/schemas/firestore.indexes.json';
const run = promisify(execFile);

/** Plans environments with Terraform, using stand-ins for the provider's resources. Throws Terraform's errors. */
export async function makeSystems(sources: Sources, environments: readonly string[]): Promise<System[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rdc-made-'));
  try {
    await writeStandIn(await parseSources(sources), sources, folder, 'named');
    await cp(join(projectRoot, INDEXES), join(folder, INDEXES));
    const settings = SETTINGS.filter(({ environment }) => environments.includes(environment));
    return await Promise.all(settings.map((setting) => makeSystem(folder, setting)));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function makeSystem(folder: string, setting: Setting): Promise<System> {
  const cwd = join(folder, 'terraform/environments', setting.environment);
  await writeFile(join(cwd, 'terraform.tfvars.json'), JSON.stringify(setting.variables));
  await writeFile(join(cwd, 'system_override.tf.json'), JSON.stringify({ module: { system: setting.besides } }));
  await run(terraform, ['init', '-input=false', '-no-color'], { cwd });
  await run(terraform, ['plan', '-input=false', '-no-color', '-out=plan'], { cwd });
  const { stdout } = await run(terraform, ['show', '-json', 'plan'], { cwd, maxBuffer: 100_000_000 });
  const { root_module: root, outputs = {} } = JSON.parse(stdout).planned_values;
  const planned = resourcesIn(root);
  return {
    ...setting,
    made: planned.map(({ values, ...resource }) => ({ ...resource, values: withTold(values, planned) as Body })),
    told: withTold(outputs.system?.value ?? {}, planned) as Body,
  };
}

interface State {
  readonly resources?: readonly { address: string; values: { input: Body } }[];
  readonly child_modules?: readonly State[];
}

function resourcesIn({ resources = [], child_modules: modules = [] }: State): Made[] {
  const own = resources.map(({ address, values: { input } }): Made => {
    const name = address.replace(/^module\.system\./, '').replace(/terraform_data\.(\w+?)__(\w+)/, '$1.$2');
    return { address: name, type: /(\w+)\.\w+(\[[^\]]*\])?$/.exec(name)?.[1] ?? '', values: input };
  });
  return [...own, ...modules.flatMap(resourcesIn)];
}

const TOLD = /\{(google_\w+) (\S+) (\w+)\}/g;

/** Replaces the placeholders for what the provider would return with the resource's address and the attribute. */
function withTold(value: Value, planned: readonly Made[]): Value {
  if (Array.isArray(value)) return value.map((item) => withTold(item, planned));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, item = null]) => [name, withTold(item, planned)]));
  if (typeof value !== 'string') return value;
  return value.replaceAll(TOLD, (all, type, known, attribute) => {
    const resource = planned.find(
      ({ type: other, values }) => other === type && NAMES.some((name) => values[name] === known),
    );
    return resource ? told(resource, attribute) : all;
  });
}

function told({ address, type, values }: Made, attribute: string): string {
  const email = `${values.account_id}@${values.project}.iam.gserviceaccount.com`;
  if (type === 'google_service_account' && attribute === 'email') return email;
  if (type === 'google_service_account' && attribute === 'member') return `serviceAccount:${email}`;
  return attribute === 'id' ? address : `${address}.${attribute}`;
}
