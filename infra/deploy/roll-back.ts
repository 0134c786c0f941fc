import { CliError } from '../terminal/run-cli.ts';
import { creationOf, type Place, revisionBefore, serveRevision, servingRevision } from './commands.ts';
import type { Service } from './services.ts';
import type { Shell } from './shell.ts';

/** All traffic to the revision before the one that has it now; again, and it is the one before that. */
export async function rollBack(shell: Shell, place: Place, service: Service): Promise<void> {
  const serving = await shell.read('SERVING', servingRevision(place, service));
  const creation = await shell.read('CREATION', creationOf(place, serving));
  const revision = await shell.read('REVISION', revisionBefore(place, service, creation));
  if (revision === '') throw new CliError(`${service.name} has no revision before ${serving} that could serve`);
  await shell.run(serveRevision(place, service, revision));
}
