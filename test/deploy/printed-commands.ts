import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './run-deploy.ts';

/** The programs in a script that access other machines, or take long. Each is replaced by a stand-in. */
export const PROGRAMS = ['gcloud', 'git', 'npm', 'terraform', 'curl'];

/** The output of every stand-in. */
export const SAID = 'something\n';

/** Records its name and arguments, with their count before and a NUL after each, prints SAID, and exits with $CODE. */
const STAND_IN = `#!/bin/sh
printf '%s\\0' "$(($# + 1))" "\${0##*/}" "$@" >> "$CALLS"
printf '%s' '${SAID}'
exit "$CODE"
`;

/** The folders that exist where the instructions are followed. */
const FOLDERS = ['terraform/environments/production'];

/** The input for whatever the script asks an operator. */
const TYPED = 'typed\n'.repeat(100);

/**
 * Returns the commands that a shell makes of the script. The script runs twice, with stand-ins that all succeed and
 * with stand-ins that all fail, so that both what follows `&&` and what follows `||` is reached. Throws if the shell
 * reports an error in the script itself.
 */
export const commandsOf = (script: string): Promise<string[][]> =>
  follow(script, async (folder) => distinct(parseCalls(await readFile(join(folder, 'calls'), 'utf8'))));

/** Returns the content of a file that the script writes. */
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
