import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './run-deploy.ts';

/** What a script may call that reaches out of this machine, or takes long; each is a stand-in. */
export const PROGRAMS = ['gcloud', 'git', 'npm', 'terraform', 'curl'];

/** Writes down its name and arguments, with their count before and a NUL after each, says something, and ends as it is told to. */
const STAND_IN = `#!/bin/sh
printf '%s\\0' "$(($# + 1))" "\${0##*/}" "$@" >> "$CALLS"
echo something
exit "$CODE"
`;

/**
 * The commands that a shell makes of the script. It is run twice, with stand-ins that all succeed and that all fail, so that both what follows `&&` and
 * what follows `||` is come to. Throws if the shell finds fault with the script itself.
 */
export async function commandsOf(script: string): Promise<string[][]> {
  const folder = await mkdtemp(join(tmpdir(), 'script-'));
  try {
    for (const program of PROGRAMS) {
      await writeFile(join(folder, program), STAND_IN);
      await chmod(join(folder, program), 0o755);
    }
    const calls = join(folder, 'calls');
    for (const CODE of ['0', '1']) {
      const env = { PATH: `${folder}:/usr/bin:/bin`, CALLS: calls, CODE };
      const { stderr } = await runProgram('bash', ['-u'], env, { input: script, cwd: folder });
      if (stderr !== '') throw new Error(`bash says of\n${script}\n${stderr}`);
    }
    return distinct(parseCalls(await readFile(calls, 'utf8')));
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
