import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadTables } from '../../shared/catalogue/catalogue.ts';
import { createTableSql } from '../../shared/catalogue/define-table.ts';
import { bootstrap } from '../deploy/bootstrap.ts';
import { type Location, listUncommitted } from '../deploy/commands.ts';
import { deployChanged, deployServices } from '../deploy/deploy-services.ts';
import { showLogs } from '../deploy/logs.ts';
import { printingShell } from '../deploy/printing-shell.ts';
import { rollBack } from '../deploy/roll-back.ts';
import { runningShell } from '../deploy/running-shell.ts';
import { allServices, servicesNamed } from '../deploy/services.ts';
import { type Shell, variableReference } from '../deploy/shell.ts';
import { DEADLINE_SECONDS, printSmokeTest, type SmokeTest, smokeTest } from '../deploy/smoke.ts';
import { showUpload } from '../deploy/upload.ts';
import { projectRoot } from '../setup/local-folder.ts';
import { CliError, jsonOption, runCli, wholeNumber } from '../terminal/run-cli.ts';

const USAGE = `usage: npm run deploy -- <what> [--dry-run]

  bootstrap --project <id> --region <region> [--environment production]
                                                        from an empty project to running functions; run it again after each step by hand
  function <name> … --project <id> --region <region>    deploys these functions
  changed --project <id> --region <region>              deploys the functions whose code is not that of the deployed commit
  rollback <name> --project <id> --region <region>      gives all traffic to the revision before
  logs [<name> …] --project <id> [--record <id>] [--freshness 1h] [--follow]
  smoke <report> --conditions '<JSON>' --origin <https://…> [--token-file <file>] [--invoker <service account>]
        [--iap-token-file <file>] [--within <seconds>]  runs a report and checks its file; the token is the file's, or DOWNLOAD_TOKEN's
  files                                                 lists what is uploaded
  schema                                                prints the declared tables as SQL, for databases to try the system on

--dry-run prints the commands and runs none.`;

const options = {
  project: { type: 'string' },
  region: { type: 'string' },
  environment: { type: 'string' },
  record: { type: 'string' },
  freshness: { type: 'string' },
  follow: { type: 'boolean' },
  conditions: { type: 'string' },
  origin: { type: 'string' },
  'token-file': { type: 'string' },
  invoker: { type: 'string' },
  'iap-token-file': { type: 'string' },
  within: { type: 'string' },
  'dry-run': { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

interface Call {
  names: string[];
  values: Values;
  shell: Shell;
  dryRun: boolean;
  signal: AbortSignal;
}

interface Subcommand {
  /** The options besides --dry-run. */
  takes: readonly (keyof Values)[];
  /** How many names it takes. */
  names: readonly [least: number, most: number];
  work: (call: Call) => Promise<void>;
}

const MANY = Number.POSITIVE_INFINITY;

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  bootstrap: {
    takes: ['project', 'region', 'environment'],
    names: [0, 0],
    async work(call) {
      const location = locationOf(call);
      const environment = await environmentOf(call);
      await requireCommitted(call);
      await bootstrap(call.shell, location, environment);
    },
  },
  function: {
    takes: ['project', 'region'],
    names: [1, MANY],
    async work(call) {
      const location = locationOf(call);
      const services = await servicesNamed(call.names);
      await requireCommitted(call);
      await deployServices(call.shell, location, services);
    },
  },
  changed: {
    takes: ['project', 'region'],
    names: [0, 0],
    async work(call) {
      const location = locationOf(call);
      await requireCommitted(call);
      await deployChanged(call.shell, location, await allServices());
    },
  },
  rollback: {
    takes: ['project', 'region'],
    names: [1, 1],
    async work(call) {
      for (const service of await servicesNamed(call.names)) await rollBack(call.shell, locationOf(call), service);
    },
  },
  logs: {
    takes: ['project', 'record', 'freshness', 'follow'],
    names: [0, MANY],
    async work({ names, values, shell, dryRun, signal }) {
      const services = names.length > 0 ? await servicesNamed(names) : await allServices();
      const { record, freshness = '1h', follow = false } = values;
      const query = { project: required(values, 'project'), services, record, freshness };
      await showLogs(shell, query, follow && !dryRun, signal);
    },
  },
  smoke: {
    takes: ['conditions', 'origin', 'token-file', 'invoker', 'iap-token-file', 'within'],
    names: [1, 1],
    async work({ names: [report = ''], values, shell, dryRun, signal }) {
      const { 'iap-token-file': iapFile, within = `${DEADLINE_SECONDS}` } = values;
      const test: SmokeTest = {
        report,
        origin: required(values, 'origin').replace(/\/$/, ''),
        conditions: jsonOption('--conditions', required(values, 'conditions')),
        invoker: values.invoker,
        iapToken: iapFile && (dryRun ? variableReference('IAP_TOKEN') : await readToken('--iap-token-file', iapFile)),
      };
      const seconds = wholeNumber('--within', within);
      if (dryRun) await printSmokeTest(shell, test);
      else await smokeTest(shell, test, await tokenOf(values), { seconds, signal });
    },
  },
  files: { takes: [], names: [0, 0], work: ({ shell }) => showUpload(shell) },
  schema: {
    takes: [],
    names: [0, 0],
    async work() {
      for (const table of (await loadTables()).values()) {
        process.stdout.write(`CREATE DATABASE IF NOT EXISTS \`${table.database}\`;\n${createTableSql(table)};\n`);
      }
    },
  },
};

await runCli(async (signal) => {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [what = '', ...names] = positionals;
  const subcommand = Object.hasOwn(SUBCOMMANDS, what) ? SUBCOMMANDS[what] : undefined;
  const { 'dry-run': dryRun = false, ...given } = values;
  if (!subcommand || !isValidCall(subcommand, names, given)) throw new CliError(USAGE);
  const shell = dryRun ? printingShell((text) => process.stdout.write(text)) : runningShell(signal);
  await subcommand.work({ names, values, shell, dryRun, signal });
});

function isValidCall({ takes, names: [least, most] }: Subcommand, names: string[], given: object): boolean {
  const isKnown = Object.keys(given).every((option) => takes.includes(option as keyof Values));
  return isKnown && names.length >= least && names.length <= most;
}

function required(values: Values, option: 'project' | 'region' | 'origin' | 'conditions'): string {
  const value = values[option];
  if (value) return value;
  throw new CliError(`--${option} is missing\n\n${USAGE}`);
}

function locationOf({ values }: Call): Location {
  return { project: required(values, 'project'), region: required(values, 'region') };
}

/** A deployment is labelled with a commit, so the sources must be those of the commit. */
/** The folder of terraform/environments. */
async function environmentOf({ values: { environment = 'production' } }: Call): Promise<string> {
  const known = await readdir(join(projectRoot, 'terraform/environments'));
  if (known.includes(environment)) return environment;
  throw new CliError(`--environment takes ${known.join(' or ')}, not ${environment}`);
}

async function requireCommitted({ shell, dryRun }: Call): Promise<void> {
  if (dryRun) return;
  const changes = await shell.read('CHANGES', listUncommitted);
  if (changes !== '') throw new CliError(`Commit these first, or put them away:\n${changes}`);
}

async function tokenOf({ 'token-file': file }: Values): Promise<string> {
  const token = file === undefined ? process.env.DOWNLOAD_TOKEN?.trim() : await readToken('--token-file', file);
  if (!token) throw new CliError('There is no token: give --token-file, or set DOWNLOAD_TOKEN');
  return token;
}

async function readToken(option: string, file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error) => {
    throw new CliError(`${option}: ${error.message}`);
  });
  if (text.trim() === '') throw new CliError(`${option}: ${file} is empty`);
  return text.trim();
}
