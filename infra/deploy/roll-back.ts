import { CliError } from '../terminal/run-cli.ts';
import { creationTime, type Location, precedingRevision, routeToRevision, servingRevision } from './commands.ts';
import type { Service } from './services.ts';
import type { Shell } from './shell.ts';

/** Routes all traffic to the revision before the one that serves it now. Each further call goes back by one more. */
export async function rollBack(shell: Shell, location: Location, service: Service): Promise<void> {
  const serving = await shell.read('SERVING', servingRevision(location, service));
  const creation = await shell.read('CREATION', creationTime(location, serving));
  const revision = await shell.read('REVISION', precedingRevision(location, service, creation));
  if (revision === '') throw new CliError(`${service.name} has no revision before ${serving} that could serve`);
  await shell.run(routeToRevision(location, service, revision));
}
