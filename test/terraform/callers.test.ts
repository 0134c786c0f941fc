import { beforeAll, describe, expect, it } from '@jest/globals';
import { functionsOf } from './check-environment.ts';
import {
  type Block,
  type Body,
  type Configuration,
  type Module,
  parseSources,
  readSources,
  type Sources,
  SYSTEM,
  systemOf,
  textsOf,
  type Value,
} from './configuration.ts';

/**
 * Returns the account that calls each internal function, by the module that deploys the function: for pushes, for the
 * schedule, and for tasks.
 */
function callersOf({ resources, locals }: Module): [name: string, account: Value | undefined][] {
  const { TASK_SERVICE_ACCOUNT: tasks } = (locals.env_task_sender ?? {}) as Body;
  const oidc = (type: string) =>
    resources
      .filter((block) => block.type === type)
      .flatMap(({ name, body }): [string, Value | undefined][] => {
        const [target] = (body.push_config ?? body.http_target ?? []) as Body[];
        const [token] = (target?.oidc_token ?? []) as Body[];
        return token ? [[name, token.service_account_email]] : [];
      });
  return [
    ...oidc('google_pubsub_subscription'),
    ...oidc('google_cloud_scheduler_job'),
    ['aggregate', tasks],
    ['notify', tasks],
  ];
}

/** Returns the accounts whose calls the function accepts. */
function takenBy({ body }: Block, { locals }: Module): (Value | undefined)[] {
  const groups = textsOf(body.environment).flatMap((text) => [...text.matchAll(/\blocal\.(\w+)/g)]);
  return groups.flatMap(([, name = '']) => {
    const { INVOKER_SERVICE_ACCOUNT: account } = (locals[name] ?? {}) as Body;
    return account === undefined ? [] : [account];
  });
}

/** Finds the functions that are called by an account other than the one they expect. */
function callerFaults(configuration: Configuration): string[] {
  const system = systemOf(configuration);
  const inside = functionsOf(system).filter((call) => takenBy(call, system).length > 0);
  return callersOf(system).flatMap(([name, account]) => {
    const taken = inside.filter((call) => call.name === name).flatMap((call) => takenBy(call, system));
    return taken.length === 1 && taken[0] === account ? [] : [`${name}: is called as ${account}, and takes ${taken}`];
  });
}

let sources: Sources;
beforeAll(async () => {
  sources = await readSources();
});

const faultsIn = async (from: Sources) => callerFaults(await parseSources(from));

it('each function inside takes the calls of the account that it is called as', async () => {
  expect(callersOf(systemOf(await parseSources(sources))).map(([name]) => name)).toEqual(
    expect.arrayContaining(['query_table', 'notify', 'sweep', 'aggregate']),
  );
  expect(await faultsIn(sources)).toEqual([]);
});

describe('noticed is', () => {
  it.each([
    ['a push as another account', 'pubsub', 'trigger.email', 'invoker.email', 'query_table: is called as'],
    ['a schedule as another account', 'scheduler', 'trigger.email', 'invoker.email', 'sweep: is called as'],
    ['tasks as another account', 'locals', 'invoker.email', 'trigger.email', 'aggregate: is called as'],
    ['a function that takes others’ calls', 'functions', 'called_by_tasks', 'called_by_triggers', 'and takes'],
  ])('%s', async (_what, name, from, to, fault) => {
    const file = `${SYSTEM}/${name}.tf`;
    const text = sources[file] ?? '';
    expect(text).toContain(from);
    const faults = await faultsIn({ ...sources, [file]: text.replace(from, to) });
    expect(faults).toEqual(expect.arrayContaining([expect.stringContaining(fault)]));
  });
});
