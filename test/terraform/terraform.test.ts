import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../infra/setup/local-folder.ts';
import { commandsOf } from '../deploy/printed-commands.ts';
import { runDeploy } from '../deploy/run-deploy.ts';
import { deployFaults } from './check-deploy.ts';
import { environmentFaults, instanceFaults } from './check-environment.ts';
import { deployedFunctions, grantFaults, needFaults } from './check-grants.ts';
import { nameFaults, type Tables } from './check-names.ts';
import { orderFaults } from './check-order.ts';
import { referenceFaults } from './check-references.ts';
import { rootFaults } from './check-roots.ts';
import { routeFaults } from './check-routes.ts';
import { runbookFaults } from './check-runbook.ts';
import { schemaFaults } from './check-schema.ts';
import { storageFaults } from './check-storage.ts';
import { useFaults } from './check-use.ts';
import { codeOf } from './code-of.ts';
import { type Configuration, type Planted, parseSources, readSources, type Sources, SYSTEM } from './configuration.ts';
import { localResources, type Resources } from './local-resources.ts';
import { withFaults } from './planted-batches.ts';
import { plantedInLanguage } from './planted-in-language.ts';
import { plantedInMeaning } from './planted-in-meaning.ts';

const planted: Readonly<Record<string, readonly Planted[]>> = { ...plantedInLanguage, ...plantedInMeaning };

let sources: Sources;
let local: Resources;
let page: string;
let bootstrap: string[][];
let runbook: string;

beforeAll(async () => {
  sources = await readSources();
  page = await readFile(join(projectRoot, 'docs/iam.md'), 'utf8');
  runbook = await readFile(join(projectRoot, 'docs/runbook.md'), 'utf8');
  local = await localResources(tablesIn(sources));
  const { stdout } = await runDeploy(['bootstrap', '--project', 'my-project', '--region', 'europe-west1', '--dry-run']);
  bootstrap = await commandsOf(stdout);
});

const tablesIn = (from: Sources): Tables => JSON.parse(from[`${SYSTEM}/tables.json`] ?? '{}');

/** Returns each function's variables, by the module that deploys it. */
async function parsedVariables() {
  const names = ['create-report', 'download-center', 'aggregate', 'notify', 'sweep', 'query-table'];
  const parsers = names.map(async (name) => {
    const { parseConfig } = await import(`../../functions/${name}/config.ts`);
    return [name.replace('-', '_'), parseConfig.variables as readonly string[]] as const;
  });
  return Object.fromEntries(await Promise.all(parsers));
}

/** Returns which of the files exist. Terraform may read these files. */
async function existing(paths: readonly string[]): Promise<Set<string>> {
  const found = paths.map((path) =>
    access(join(projectRoot, path)).then(
      () => [path],
      () => [],
    ),
  );
  return new Set((await Promise.all(found)).flat());
}

async function codeOfAll(configuration: Configuration) {
  const functions = deployedFunctions(configuration).map(async (name) => [name, await codeOf(name)] as const);
  return Object.fromEntries(await Promise.all(functions));
}

const CHECKS: Readonly<Record<string, (configuration: Configuration, from: Sources) => Promise<string[]> | string[]>> =
  {
    'every resource, argument and block is in the provider’s schema': schemaFaults,
    'every reference resolves': async (configuration, from) =>
      referenceFaults(
        configuration,
        from,
        await existing([`${SYSTEM}/tables.json`, 'infra/schemas/firestore.indexes.json']),
      ),
    'every environment keeps a state of its own and tells of the system, by one provider': rootFaults,
    'what needs another thing waits for it': orderFaults,
    'every variable, local and output is used': useFaults,
    'every function has exactly the variables that it parses': async (configuration) =>
      environmentFaults(configuration, await parsedVariables()),
    'what an instance is told of itself is what it is': instanceFaults,
    'every topic, subscription, queue and schedule is as the local system’s': (configuration, from) =>
      nameFaults(configuration, tablesIn(from), local),
    'a bootstrap deploys the functions, has the secrets filled and enables the APIs that there are': (
      configuration,
      from,
    ) => deployFaults(configuration, tablesIn(from), bootstrap),
    'what is stored is removed in the end, and closed to the public': storageFaults,
    'the origin is divided as the local one': routeFaults,
    'the grants are those of docs/iam.md, and none is wide': (configuration) => grantFaults(configuration, page),
    'each function is granted what its calls need, and no more': async (configuration) =>
      needFaults(configuration, await codeOfAll(configuration)),
    'every alert has its section in docs/runbook.md': (configuration) => runbookFaults(configuration, runbook),
  };

describe.each(Object.entries(CHECKS))('%s', (name, check) => {
  it('in what is there', async () => {
    expect(await check(await parseSources(sources), sources)).toEqual([]);
  });

  it.each(planted[name] ?? [])('and not with a fault: $fault', async ({ fault, ...plant }) => {
    const faulty = withFaults(sources, [plant]);
    const faults = await check(await parseSources(faulty), faulty);
    expect(faults).toEqual(expect.arrayContaining([expect.stringContaining(fault)]));
  });

  it('has faults planted for it', () => {
    expect(planted[name]?.length).toBeGreaterThan(0);
  });
});

it('a file that does not parse is told with its line', async () => {
  const faulty = withFaults(sources, [{ file: `${SYSTEM}/tasks.tf`, from: 'retry_config {', to: 'retry_config' }]);
  await expect(parseSources(faulty)).rejects.toThrow(/tasks\.tf:\d+/);
});
