import { resourceName } from '../functions.ts';
import * as commands from './bootstrap-commands.ts';
import { deployedCommit, type Location } from './commands.ts';
import { deployServices } from './deploy-services.ts';
import { allServices, type Service } from './services.ts';
import { type ManualStep, type Shell, shellLine } from './shell.ts';

/**
 * Takes an empty project to running functions. At a step that an operator has to do by hand, it prints the commands and
 * ends; run again, it continues from there, since it leaves alone whatever exists. `environment` is a folder of
 * terraform/environments.
 */
export async function bootstrap(shell: Shell, location: Location, environment: string): Promise<void> {
  const services = await allServices();
  const secrets = operatorSecrets(services);

  shell.print(
    'The APIs, the bucket of the Terraform state, the repository of the images, and the account that builds them.',
  );
  for (const command of commands.enableApis(location)) await shell.run(command);
  await shell.run(commands.createPubSubAgent(location));
  await shell.runUnless(commands.describeStateBucket(location), commands.createStateBucket(location));
  await shell.runUnless(commands.describeImageRepository(location), [commands.createImageRepository(location)]);
  await shell.runUnless(commands.describeBuilder(location), [commands.createBuilder(location)]);
  for (const command of commands.grantBuilderRoles(location)) await shell.run(command);

  shell.print('Terraform creates the secrets first: no function starts without their values.');
  await shell.requireManualSteps([
    {
      doneIf: secrets.map(({ name }) => commands.describeSecret(location, name)),
      lines: [commands.terraformInit(location, environment), commands.terraformApplySecrets(environment)].map(
        shellLine,
      ),
    },
  ]);
  await shell.requireManualSteps([
    ...secrets.map((secret) => fillSecret(location, secret)),
    { ...fillSecret(location, RECORD_DATABASE), when: commands.describeSecret(location, RECORD_DATABASE.name) },
  ]);

  shell.print('Terraform creates everything else, the functions with a placeholder image.');
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
  /** An example of its value. */
  example: string;
}

const DATABASE_URL = 'mysql://user:password@host:3306/database';

/** Terraform creates this secret only if the records are kept in MySQL. */
const RECORD_DATABASE: Secret = { name: 'record-database-url', example: DATABASE_URL };

/** The secrets whose values only an operator knows. */
function operatorSecrets(services: readonly Service[]): Secret[] {
  const tables = services.flatMap(({ table }) => table ?? []);
  const logins = tables.map((table) => ({
    name: `table-database-url-${resourceName(table)}`,
    example: DATABASE_URL,
  }));
  return [...logins, { name: 'webhook-endpoints', example: '[]' }];
}

/** The shell reads the value from the terminal, so that it is neither displayed nor kept in the history. */
const fillSecret = (location: Location, { name, example }: Secret): ManualStep => ({
  doneIf: [commands.describeSecretVersion(location, name)],
  lines: [
    `echo ${shellLine([`${name}, e.g. ${example}`])}`,
    `read -rs VALUE && printf %s "$VALUE" | ${shellLine(commands.addSecretVersion(location, name))}`,
  ],
});
