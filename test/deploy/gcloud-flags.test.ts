import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { allServices } from '../../infra/deploy/services.ts';
import { fakePrograms } from './fake-programs.ts';
import { readmeScript, scriptIn } from './instructions.ts';
import { commandsOf, PROGRAMS } from './printed-commands.ts';
import { describeWithGcloud, type RealGcloud, realGcloud } from './real-gcloud.ts';
import { runDeploy } from './run-deploy.ts';

/** The project and the region in the README. */
const PLACE = ['--project', 'my-reports', '--region', 'europe-west1'];

const SUBCOMMANDS: Record<string, string[]> = {
  bootstrap: PLACE,
  function: ['sweep', 'query-plt-fund-vs-withdraw', ...PLACE],
  changed: PLACE,
  rollback: ['sweep', ...PLACE],
  logs: ['sweep', '--project', 'my-reports', '--record', '01a', '--freshness', '10m', '--follow'],
  smoke: [
    ...['withdrawals', '--conditions', '{"from":"2026-01-01"}', '--origin', 'https://downloads.example.com'],
    ...['--invoker', 'portal@my-reports.iam.gserviceaccount.com'],
  ],
  files: [],
};

/** The variables that an operator has set in the terminal. */
const SET_BY_HAND = 'DOWNLOAD_TOKEN=token; ID=01a; FILE_URL=https://storage.example.com/file\n';

/** The number of concurrent processes. */
const WIDTH = 2;

interface Printed {
  script: string;
  commands: string[][];
}

const printed = new Map<string, Printed>();
/** The commands from an empty project to a first file. */
let onTheWay: string[][];
/** The pages with deployment commands. */
const PAGES = ['README.md', 'docs/operating.md', 'docs/runbook.md'];
/** The commands of each page. */
const instructed = new Map<string, string[][]>();

beforeAll(async () => {
  for (const [what, args] of Object.entries(SUBCOMMANDS)) printed.set(what, await print(what, args));
  const readme = await readmeScript();
  onTheWay = await commandsOf(readme);
  instructed.set('README.md', onTheWay);
  // This page uses the README's variables.
  instructed.set('docs/operating.md', await commandsOf(readme + (await scriptIn('docs/operating.md'))));
  instructed.set('docs/runbook.md', await commandsOf(await scriptIn('docs/runbook.md')));
  instructed.set('terraform/README.md', await commandsOf(readme + (await scriptIn('terraform/README.md'))));
}, 60_000);

/**
 * Returns the script that the subcommand prints, and the commands that a shell makes of it. Printing calls no program.
 */
async function print(what: string, args: readonly string[]): Promise<Printed> {
  await using programs = await fakePrograms(Object.fromEntries(PROGRAMS.map((program) => [program, []])));
  const { code, stdout, stderr } = await runDeploy([what, ...args, '--dry-run'], programs.env);
  expect({ code, stderr, calls: await programs.calls() }).toEqual({ code: 0, stderr: '', calls: [] });
  const script = SET_BY_HAND + stdout;
  return { script, commands: await commandsOf(script) };
}

/** Returns the first `words` arguments of each call of a program in a printed script. */
const said = (what: string, program: string, words: number) =>
  printed.get(what)?.commands.flatMap(([name, ...args]) => (name === program ? [args.slice(0, words).join(' ')] : []));

it('what is printed is a script that reads what it needs, and does it', () => {
  expect(said('rollback', 'gcloud', 4)).toEqual([
    'run services describe sweep',
    'run revisions describe something',
    'run revisions list --project=my-reports',
    'run services update-traffic sweep',
  ]);
  expect(printed.get('rollback')?.commands.at(-1)).toContain('--to-revisions=something=100');
  expect(new Set(said('changed', 'git', 4))).toEqual(
    new Set(['rev-parse --short=12 HEAD', 'diff --quiet something HEAD']),
  );
});

/** Returns what a page passes to `npm run deploy --`. */
function deploysIn(path: string): string[][] {
  const calls = instructed.get(path)?.filter(([program, ...args]) => program === 'npm' && args.includes('deploy'));
  return (calls ?? []).map((call) => call.slice(call.indexOf('--') + 1));
}

it('README and docs/operating.md show every subcommand', () => {
  const shown = deploysIn('docs/operating.md').map(([what]) => what);
  expect(new Set(shown)).toEqual(new Set([...Object.keys(SUBCOMMANDS), 'schema']));
});

it.each(PAGES)(
  'npm run deploy understands what %s says',
  async (path) => {
    const deploys = deploysIn(path);
    expect(deploys).not.toEqual([]);
    for (const args of deploys) expect(await runDeploy([...args, '--dry-run'])).toMatchObject({ code: 0, stderr: '' });
  },
  60_000,
);

it('the README has everything done by hand that a bootstrap waits for, in that order', () => {
  const byHand = (commands: string[][]) =>
    commands
      .map((command) => command.join(' '))
      .filter((line) => /^terraform \S+ (init|apply)|^gcloud secrets versions add/.test(line));
  expect(byHand(onTheWay)).toEqual(byHand(printed.get('bootstrap')?.commands ?? []));
});

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
   * Returns the errors that gcloud reports in the commands. It tries one command of each kind. gcloud exits with 2 at a
   * flag or a value that it does not know, and otherwise where it first needs an account.
   */
  async function faultsOf(commands: string[][]): Promise<string[]> {
    const calls = commands.filter(([program]) => program === 'gcloud').map(([, ...args]) => args);
    const kinds = [...new Map(calls.map((args) => [args.join('\0').replaceAll(names, 'NAME'), args])).values()];
    expect(kinds).not.toEqual([]);
    const faults: string[] = [];
    const work = async () => {
      for (let args = kinds.pop(); args; args = kinds.pop()) {
        // Signing in takes a browser; `--help` shows only that the command exists.
        const { code, stderr } = await gcloud.run(args.includes('login') ? [...args, '--help'] : args);
        const isUnderstood = code === 0 || (code === 1 && stderr.includes('do not currently have an active account'));
        if (!isUnderstood) faults.push(`gcloud ${args.join(' ')}\n${stderr}`);
      }
    };
    await Promise.all(Array.from({ length: WIDTH }, work));
    return faults;
  }

  it('every command that is printed', async () => {
    expect(await faultsOf([...printed.values()].flatMap(({ commands }) => commands))).toEqual([]);
  }, 240_000);

  it('every command of the pages', async () => {
    expect(await faultsOf([...instructed.values()].flat())).toEqual([]);
  }, 240_000);

  it.each([
    ['a flag that is misspelt', 'bootstrap', '--public-access-prevention', '--public-access-protection'],
    ['a value that is none of those that there are', 'logs', '--freshness=10m', '--freshness=shortly'],
    ['a command that there is not', 'rollback', 'services update-traffic', 'services updatetraffic'],
    ['a label that is none', 'function', '--update-labels=commit=', '--update-labels=commit:'],
  ])(
    'not %s',
    async (_what, subcommand, right, wrong) => {
      const line =
        printed
          .get(subcommand)
          ?.script.split('\n')
          .find((text) => text.includes(right)) ?? '';
      expect(line).toContain(right);
      const faults = await faultsOf(await commandsOf(`COMMIT=abc; REVISION=abc\n${line.replace(right, wrong)}`));
      expect(faults).toEqual([expect.stringContaining(wrong.split(/[= ]/)[0] ?? wrong)]);
    },
    60_000,
  );
});
