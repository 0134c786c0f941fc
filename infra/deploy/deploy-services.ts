import { CliError } from '../terminal/run-cli.ts';
import {
  buildPage,
  deployedCommit,
  deployService,
  followLatest,
  headCommit,
  type Place,
  unchangedSince,
} from './commands.ts';
import type { Service } from './services.ts';
import type { Command, Shell } from './shell.ts';

/** Deploys the services, each of which Terraform must have made: gcloud would make one without its configuration. */
export async function deployServices(shell: Shell, place: Place, services: readonly Service[]): Promise<void> {
  const commit = await prepare(shell);
  await each(shell, services, async (service) => {
    await shell.run(deployedCommit(place, service));
    for (const command of deployment(place, service, commit)) await shell.run(command);
  });
}

/** Deploys those whose code is not that of the commit that they are labelled with. */
export async function deployChanged(shell: Shell, place: Place, services: readonly Service[]): Promise<void> {
  const commit = await prepare(shell);
  await each(shell, services, async (service) => {
    const deployed = await shell.read('DEPLOYED', deployedCommit(place, service));
    await shell.unless(unchangedSince(deployed, service), deployment(place, service, commit));
  });
}

async function prepare(shell: Shell): Promise<string> {
  await shell.run(buildPage);
  return shell.read('COMMIT', headCommit);
}

const deployment = (place: Place, service: Service, commit: string): Command[] => [
  deployService(place, service, commit),
  followLatest(place, service),
];

/** One that fails does not keep the others from being deployed. */
async function each(
  shell: Shell,
  services: readonly Service[],
  deploy: (service: Service) => Promise<void>,
): Promise<void> {
  const waiting = [...services];
  const faults: string[] = [];
  const work = async () => {
    for (let service = waiting.shift(); service; service = waiting.shift()) {
      const { name } = service;
      await deploy(service).catch((error) => faults.push(`${name}: ${error.message}`));
    }
  };
  await Promise.all(Array.from({ length: shell.width }, work));
  if (faults.length > 0) throw new CliError(faults.join('\n'));
}
