import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './run-deploy.ts';

/** What a script may call that reaches out of this machine, or takes long; each is a stand-in. */
export const PROGRAMS = ['gcloud', 'git', 'npm', 'terraform', 'curl'];

/** What every stand-in says. */
export const SAID = 'something\n';

/** Writes down its name and arguments, with their count before and a NUL after each, says something, and ends as it is told to. */
const STAND_IN = `#!/bin/sh
printf '%s\\0' "$(($# + 1))" "\${0##*/}" "$@" >> "$CALLS"
printf '%s' '${SAID}'
exit "$CODE"
`;

/** The folders that there are where the instructions are followed. */
const FOLDERS = ['terraform/environments/production'];

/** For whatever a person is asked. */
const TYPED = 'typed\n'.repeat(100);

/**
 * The commands that a shell makes of the script. It is run twice, with stand-ins that all succeed and that all fail, so that both what follows `&&` and
 * what follows `||` is come to. Throws if the shell finds fault with the script itself.
 */
export const commandsOf = (script: string): Promise<string[][]> =>
  follow(script, async (folder) => distinct(parseCalls(await readFile(join(folder, 'calls'), 'utf8'))));

/** What the script writes into a file. */
export const writtenBy = (script: string, path: string): Promise<string> =>
  follow(script, (folder) => readFile(join(folder, path), 'utf8'));

async function follow<T>(script: string, look: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'script-'));
  try {
    for (const path of FOLDERS) await mkdir(join(folder, path), { recursive: true });
    const programs = join(folder, 'programs');
    await mkdir(programs);
    for (const program of PROGRAMS) {
      await writeFile(join(programs, program), STAND_IN);
      await chmod(join(programs, program), 0o755);
    }
    await writeFile(join(folder, 'script'), script);
    await writeFile(join(folder, 'typed'), TYPED);
    for (const CODE of ['0', '1']) {
      const env = { PATH: `${programs}:/usr/bin:/bin`, CALLS: join(folder, 'calls'), CODE };
      const { stderr } = await runProgram('bash', ['-c', 'bash -u script < typed'], env, folder);
      if (stderr !== '') throw new Error(`bash says of\n${script}\n${stderr}`);
    }
    return await look(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function parseCalls(text: string): string[][] {
  const words = text.split('\0');
  const calls: string[][] = [];
  while (words.length > 1) calls.push(words.splice(0, Number(words.shift())));
  return calls;
}

const distinct = (calls: string[][]): string[][] => [
  ...new Map(calls.map((call) => [JSON.stringify(call), call])).values(),
];
