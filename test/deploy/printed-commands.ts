import { type Answer, fakePrograms } from './fake-programs.ts';
import { runProgram } from './run-deploy.ts';

/** What a script may call; each is a stand-in. */
export const PROGRAMS = ['gcloud', 'git', 'npm', 'terraform', 'curl', 'dig'];

/**
 * The commands that a shell makes of the script. It is run twice, with stand-ins that all succeed and that all fail, so that both what follows `&&` and
 * what follows `||` is come to. Throws if the shell finds fault with the script itself.
 */
export async function commandsOf(script: string): Promise<string[][]> {
  const commands: string[][] = [];
  for (const code of [0, 1]) {
    const answer: Answer = { to: /(?:)/, stdout: 'something\n', code };
    await using programs = await fakePrograms(Object.fromEntries(PROGRAMS.map((program) => [program, [answer]])));
    const { stderr } = await runProgram('bash', ['-u'], programs.env, { input: script, cwd: programs.env.HOME });
    if (stderr !== '') throw new Error(`bash says of\n${script}\n${stderr}`);
    commands.push(...(await programs.calls()));
  }
  const distinct = new Map(commands.map((command) => [JSON.stringify(command), command]));
  return [...distinct.values()];
}
