import { resourceName } from '../functions.ts';
import * as commands from './bootstrap-commands.ts';
import { deployedCommit, type Location } from './commands.ts';
import { deployServices } from './deploy-services.ts';
import { allServices, type Service } from './services.ts';
import { type ManualStep, type Shell, shellLine } from './shell.ts';

/**
 * Brings an empty project to functions that run, as far as it can: what is for a person to do, it tells, and ends. Run again, it goes on from there, for
 * whatever is there is left alone. The environment is one of those in terraform/environments.
 */
export async function bootstrap(shell: Shell, location: Location, environment: string): Promise<void> {
  const services = await allServices();
  const secrets = operatorSecrets(services);

  shell.print('The APIs, the bucket of the Terraform state, where images go, and what builds them.');
  for (const command of commands.enableApis(location)) await shell.run(command);
  await shell.run(commands.createPubSubAgent(location));
  await shell.runUnless(commands.describeStateBucket(location), commands.createStateBucket(location));
  await shell.runUnless(commands.describeImageRepository(location), [commands.createImageRepository(location)]);
  await shell.runUnless(commands.describeBuilder(location), [commands.createBuilder(location)]);
  await shell.run(commands.grantBuilderRole(location));

  shell.print('Terraform makes the secrets first: no function starts without their values.');
  await shell.requireManualSteps([
    {
      doneIf: secrets.map(({ name }) => commands.describeSecret(location, name)),
      lines: [commands.terraformInit(location, environment), commands.terraformApplySecrets(environment)].map(
        shellLine,
      ),
    },
  ]);
  await shell.requireManualSteps(secrets.map((secret) => fillSecret(location, secret)));

  shell.print('Terraform makes everything else, the functions with a placeholder for their code.');
  await shell.requireManualSteps([
    {
      doneIf: services.map((service) => deployedCommit(location, service)),
      lines: [shellLine(commands.terraformApply(environment))],
    },
  ]);

  shell.print('The code.');
  await deployServices(shell, location, services);
}

interface Secret {
  name: string;
  /** What its value looks like. */
  example: string;
}

/** Those whose values nobody but an operator knows. */
function operatorSecrets(services: readonly Service[]): Secret[] {
  const tables = services.flatMap(({ table }) => table ?? []);
  const logins = tables.map((table) => ({
    name: `table-database-url-${resourceName(table)}`,
    example: 'mysql://user:password@host:3306/database',
  }));
  return [...logins, { name: 'webhook-endpoints', example: '[]' }];
}

/** Read by the shell, so that it is neither shown nor kept in a history. */
const fillSecret = (location: Location, { name, example }: Secret): ManualStep => ({
  doneIf: [commands.describeSecretVersion(location, name)],
  lines: [
    `echo ${shellLine([`${name}, e.g. ${example}`])}`,
    `read -rs VALUE && printf %s "$VALUE" | ${shellLine(commands.addSecretVersion(location, name))}`,
  ],
});
