import { CliError } from '../terminal/run-cli.ts';
import {
  buildPage,
  deployedCommit,
  deployService,
  headCommit,
  type Location,
  routeToLatest,
  unchangedSince,
} from './commands.ts';
import type { Service } from './services.ts';
import type { Command, Shell } from './shell.ts';

/**
 * Deploys the services. Terraform must have created each of them: gcloud would create one without its configuration.
 */
export async function deployServices(shell: Shell, location: Location, services: readonly Service[]): Promise<void> {
  const commit = await buildAndGetCommit(shell);
  await forEachService(shell, services, async (service) => {
    await shell.run(deployedCommit(location, service));
    for (const command of deployCommands(location, service, commit)) await shell.run(command);
  });
}

/**
 * Deploys the services whose code has changed since the commit that they are labelled with. One that has no label yet
 * has Terraform's placeholder.
 */
export async function deployChanged(shell: Shell, location: Location, services: readonly Service[]): Promise<void> {
  const commit = await buildAndGetCommit(shell);
  await forEachService(shell, services, async (service) => {
    const deployed = await shell.read('DEPLOYED', deployedCommit(location, service), { mayBeEmpty: true });
    await shell.runUnless(unchangedSince(deployed, service), deployCommands(location, service, commit));
  });
}

async function buildAndGetCommit(shell: Shell): Promise<string> {
  await shell.run(buildPage);
  return shell.read('COMMIT', headCommit);
}

const deployCommands = (location: Location, service: Service, commit: string): Command[] => [
  deployService(location, service, commit),
  routeToLatest(location, service),
];

/**
 * Continues with the other services when one fails, and then throws with every failure. create-report comes first: a
 * record that is newer than a function waits for that function, but a record that is older fails.
 */
async function forEachService(
  shell: Shell,
  services: readonly Service[],
  deploy: (service: Service) => Promise<void>,
): Promise<void> {
  const faults: string[] = [];
  const deployAll = async (waiting: Service[]) => {
    const work = async () => {
      for (let service = waiting.shift(); service; service = waiting.shift()) {
        const { name } = service;
        await deploy(service).catch((error) => faults.push(`${name}: ${error.message}`));
      }
    };
    await Promise.all(Array.from({ length: shell.concurrency }, work));
  };
  const makesRecords = ({ name }: Service) => name === 'create-report';
  await deployAll(services.filter(makesRecords));
  await deployAll(services.filter((service) => !makesRecords(service)));
  if (faults.length > 0) throw new CliError(faults.join('\n'));
}
