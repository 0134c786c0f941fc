import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allServices } from '../../infra/deploy/services.ts';
import { projectRoot } from '../../infra/setup/local-folder.ts';
import { fakePrograms } from './fake-programs.ts';
import { commandsOf, PROGRAMS } from './printed-commands.ts';
import { describeWithGcloud, type RealGcloud, realGcloud } from './real-gcloud.ts';
import { runDeploy } from './run-deploy.ts';

const PLACE = ['--project', 'my-project', '--region', 'europe-west1'];

const SUBCOMMANDS: Record<string, string[]> = {
  bootstrap: PLACE,
  function: ['sweep', 'query-plt-fund-vs-withdraw', ...PLACE],
  changed: PLACE,
  rollback: ['sweep', ...PLACE],
  logs: ['sweep', '--project', 'my-project', '--record', '01a', '--freshness', '10m', '--follow'],
  smoke: [
    ...['withdrawals', '--conditions', '{"from":"2026-01-01"}', '--origin', 'https://downloads.example.com'],
    ...['--invoker', 'portal@my-project.iam.gserviceaccount.com'],
  ],
  files: [],
};

/** The variables that a person at the terminal has set. */
const SET_BY_HAND = 'DOWNLOAD_TOKEN=token; ID=01a\n';

/** Processes at once. */
const WIDTH = 2;

const scripts: Record<string, string> = {};

/** The shell's lines of the instructions, all in one script. */
async function instructions(): Promise<string> {
  const page = await readFile(join(projectRoot, 'docs/deploying.md'), 'utf8');
  return [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, lines]) => lines).join('');
}

describe.each(Object.entries(SUBCOMMANDS))('%s --dry-run', (what, args) => {
  it('calls nothing, and prints a script that a shell understands', async () => {
    await using programs = await fakePrograms(Object.fromEntries(PROGRAMS.map((program) => [program, []])));
    const { code, stdout, stderr } = await runDeploy([what, ...args, '--dry-run'], programs.env);
    expect({ code, stderr, calls: await programs.calls() }).toEqual({ code: 0, stderr: '', calls: [] });
    expect(await commandsOf(SET_BY_HAND + stdout)).not.toEqual([]);
    scripts[what] = SET_BY_HAND + stdout;
  });
});

it('docs/deploying.md says nothing to npm that is not understood', async () => {
  const commands = await commandsOf(await instructions());
  const deploys = commands.filter(([program, ...args]) => program === 'npm' && args.includes('deploy'));
  const said = deploys.map((command) => command.slice(command.indexOf('--') + 1));
  expect(new Set(said.map(([what]) => what))).toEqual(new Set([...Object.keys(SUBCOMMANDS), 'schema']));
  for (const args of said) expect(await runDeploy([...args, '--dry-run'])).toMatchObject({ code: 0, stderr: '' });
}, 60_000);

describeWithGcloud('gcloud understands', () => {
  let gcloud: RealGcloud;
  let names: RegExp;
  beforeAll(async () => {
    gcloud = await realGcloud();
    const services = (await allServices()).flatMap(({ name, target }) => [`\\b${name}\\b`, `=${target}\\b`]);
    names = new RegExp([...services, 'table-database-url-[\\w-]+', '\\bwebhook-endpoints'].join('|'), 'g');
  });
  afterAll(async () => gcloud?.[Symbol.asyncDispose]());

  /**
   * What gcloud finds wrong with the commands, of which one of each kind is tried. It ends with 2 at a flag or a value that it does not know, and otherwise
   * where it first needs an account.
   */
  async function faultsOf(commands: string[][]): Promise<string[]> {
    const calls = commands.filter(([program]) => program === 'gcloud').map(([, ...args]) => args);
    const kinds = [...new Map(calls.map((args) => [args.join('\0').replaceAll(names, 'NAME'), args])).values()];
    expect(kinds).not.toEqual([]);
    const faults: string[] = [];
    const work = async () => {
      for (let args = kinds.pop(); args; args = kinds.pop()) {
        // Whoever signs in is asked to in a browser: this only says that there is such a command.
        const { code, stderr } = await gcloud.run(args.includes('login') ? [...args, '--help'] : args);
        const isUnderstood = code === 0 || (code === 1 && stderr.includes('do not currently have an active account'));
        if (!isUnderstood) faults.push(`gcloud ${args.join(' ')}\n${stderr}`);
      }
    };
    await Promise.all(Array.from({ length: WIDTH }, work));
    return faults;
  }

  it('every command that is printed', async () => {
    expect(Object.keys(scripts)).toEqual(Object.keys(SUBCOMMANDS));
    const commands = await Promise.all(Object.values(scripts).map(commandsOf));
    expect(await faultsOf(commands.flat())).toEqual([]);
  }, 120_000);

  it('every command of docs/deploying.md', async () => {
    expect(await faultsOf(await commandsOf(await instructions()))).toEqual([]);
  }, 120_000);

  it.each([
    ['a flag that is misspelt', 'bootstrap', '--public-access-prevention', '--public-access-protection'],
    ['a value that is none of those that there are', 'logs', '--freshness=10m', '--freshness=shortly'],
    ['a command that there is not', 'rollback', 'services update-traffic', 'services updatetraffic'],
    ['a label that is none', 'function', '--update-labels=commit=', '--update-labels=commit:'],
  ])(
    'not %s',
    async (_what, subcommand, right, wrong) => {
      const line = scripts[subcommand]?.split('\n').find((text) => text.includes(right)) ?? '';
      expect(line).toContain(right);
      const faults = await faultsOf(await commandsOf(`COMMIT=abc; REVISION=abc\n${line.replace(right, wrong)}`));
      expect(faults).toEqual([expect.stringContaining(wrong.split(/[= ]/)[0] ?? wrong)]);
    },
    60_000,
  );
});
