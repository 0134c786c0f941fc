import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** A program's response to arguments that match when joined by spaces. The first rule that matches applies. */
export interface Answer {
  to: RegExp;
  stdout?: string;
  stderr?: string;
  code?: number;
}

/**
 * Stand-ins for programs that would access other machines. They are first in PATH, and record how they are called.
 * `await using` removes them.
 */
export interface FakePrograms extends AsyncDisposable {
  /** An environment with PATH, and without the caller's variables. */
  readonly env: { PATH: string; HOME: string };
  /** Resolves to the calls in order, each as the program and its arguments. */
  calls(): Promise<string[][]>;
}

/** Creates the stand-ins. Without a matching rule, a program prints nothing and succeeds. */
export async function fakePrograms(programs: Readonly<Record<string, readonly Answer[]>>): Promise<FakePrograms> {
  const folder = await mkdtemp(join(tmpdir(), 'programs-'));
  const log = join(folder, 'calls.log');
  await writeFile(log, '');
  for (const [program, answers] of Object.entries(programs)) {
    const file = join(folder, program);
    const rules = answers.map(({ to, ...answer }) => ({ ...answer, to: to.source }));
    await writeFile(file, scriptOf(program, rules, log));
    await chmod(file, 0o755);
  }
  return {
    env: { PATH: [folder, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter), HOME: folder },
    async calls() {
      const lines = (await readFile(log, 'utf8')).trim();
      return lines === '' ? [] : lines.split('\n').map((line) => JSON.parse(line) as string[]);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

const scriptOf = (program: string, rules: object[], log: string) => `#!${process.execPath}
const { appendFileSync, writeSync } = require('node:fs');
const args = process.argv.slice(2);
appendFileSync(${JSON.stringify(log)}, JSON.stringify([${JSON.stringify(program)}, ...args]) + '\\n');
const rules = ${JSON.stringify(rules)};
const { stdout = '', stderr = '', code = 0 } = rules.find(({ to }) => new RegExp(to).test(args.join(' '))) ?? {};
writeSync(1, stdout);
writeSync(2, stderr);
process.exitCode = code;
`;
