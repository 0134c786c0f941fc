import { type Answer, fakePrograms } from './fake-programs.ts';
import { runDeploy } from './run-deploy.ts';

export const PLACE = ['--project', 'my-project', '--region', 'europe-west1'];
export const HEAD: Answer = { to: /^rev-parse/, stdout: 'abc123\n' };

/** Runs the deploy command with stand-ins for all the programs that it starts. */
export async function deploy(args: string[], answers: { gcloud?: Answer[]; git?: Answer[]; npm?: Answer[] } = {}) {
  await using programs = await fakePrograms({ gcloud: [], npm: [], ...answers, git: [...(answers.git ?? []), HEAD] });
  const ended = await runDeploy(args, programs.env);
  const calls = await programs.calls();
  const gcloud = calls.filter(([program]) => program === 'gcloud').map(([, ...words]) => words.join(' '));
  /** Returns the functions for which gcloud was called with `what`. */
  const done = (what: string) =>
    gcloud.filter((call) => call.startsWith(what)).map((call) => call.slice(what.length + 1).split(' ')[0]);
  return { ...ended, calls, gcloud, done };
}
