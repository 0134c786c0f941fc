import * as commands from './bootstrap-commands.ts';
import { deployedCommit, type Place } from './commands.ts';
import { deployServices } from './deploy-services.ts';
import { allServices, tableServices } from './services.ts';
import { type ManualStep, type Shell, shellLine } from './shell.ts';

/**
 * Brings an empty project to functions that run, as far as it can: what is for a person to do, it tells, and ends. Run again, it goes on from there, for
 * whatever is there is left alone. The environment is one of those in terraform/environments.
 */
export async function bootstrap(shell: Shell, place: Place, environment: string): Promise<void> {
  const services = await allServices();
  const secrets = await operatorSecrets();

  shell.say('The APIs, the bucket of the Terraform state, where images go, and what builds them.');
  for (const command of commands.enableApis(place)) await shell.run(command);
  await shell.run(commands.makePubSubAgent(place));
  await shell.unless(commands.describeStateBucket(place), commands.makeStateBucket(place));
  await shell.unless(commands.describeImages(place), [commands.makeImages(place)]);
  await shell.unless(commands.describeBuilder(place), [commands.makeBuilder(place)]);
  for (const command of commands.allowBuilding(place)) await shell.run(command);

  shell.say('Terraform makes the secrets first: no function starts without their values.');
  await shell.byHand([
    {
      unless: secrets.map(({ name }) => commands.describeSecret(place, name)),
      lines: [commands.terraformInit(place, environment), commands.terraformApplySecrets(environment)].map(shellLine),
    },
  ]);
  await shell.byHand([
    ...secrets.map((secret) => fillSecret(place, secret)),
    { ...fillSecret(place, RECORDS), when: commands.describeSecret(place, RECORDS.name) },
  ]);

  shell.say('Terraform makes everything else, the functions with a placeholder for their code.');
  await shell.byHand([
    {
      unless: services.map((service) => deployedCommit(place, service)),
      lines: [shellLine(commands.terraformApply(environment))],
    },
  ]);

  shell.say('The code.');
  await deployServices(shell, place, services);
}

interface Secret {
  name: string;
  /** What its value looks like. */
  example: string;
}

const LOGIN = 'mysql://user:password@host:3306/database';

/** Terraform makes this one where records are kept in MySQL. */
const RECORDS: Secret = { name: 'record-database-url', example: LOGIN };

/** Those whose values nobody but an operator knows. */
async function operatorSecrets(): Promise<Secret[]> {
  const logins = (await tableServices()).map(({ name }) => ({
    name: name.replace(/^query-/, 'table-database-url-'),
    example: LOGIN,
  }));
  return [...logins, { name: 'webhook-endpoints', example: '[]' }];
}

/** Read by the shell, so that it is neither shown nor kept in a history. */
const fillSecret = (place: Place, { name, example }: Secret): ManualStep => ({
  unless: [commands.describeValue(place, name)],
  lines: [
    `echo ${shellLine([`${name}, e.g. ${example}`])}`,
    `read -rs VALUE && printf %s "$VALUE" | ${shellLine(commands.addValue(place, name))}`,
  ],
});
