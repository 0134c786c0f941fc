import type { Block, Body, Configuration, Value } from './configuration.ts';
import { type Argument, type Arguments, resourceType } from './provider-schema.ts';

/** The arguments that Terraform itself defines for all resources. */
const META = new Set(['for_each', 'count', 'depends_on', 'lifecycle', 'provider', 'dynamic']);

const LIFECYCLE = new Set([
  'create_before_destroy',
  'prevent_destroy',
  'ignore_changes',
  'replace_triggered_by',
  'precondition',
  'postcondition',
]);

/**
 * Finds where the resources and data sources deviate from the google provider's schema: what it does not contain, and
 * what it requires but is missing.
 */
export function schemaFaults(configuration: Configuration): string[] {
  return [...configuration.values()].flatMap(({ folder, resources, data }) => [
    ...resources.flatMap((block) => faultsOf(block, block.type, `${folder}: ${block.type}.${block.name}`)),
    ...data.flatMap((block) => faultsOf(block, `data.${block.type}`, `${folder}: data.${block.type}.${block.name}`)),
  ]);
}

function faultsOf({ body }: Block, type: string, at: string): string[] {
  const found = resourceType(type);
  if (!found) return [`${at}: the provider has no ${type}`];
  const lifecycle = ((body.lifecycle ?? []) as Body[]).flatMap((block) => Object.keys(block));
  return [
    ...bodyFaults(body, found.arguments, at),
    ...ignoredFaults(body, found.arguments, at),
    ...lifecycle
      .filter((name) => !LIFECYCLE.has(name))
      .map((name) => `${at}.lifecycle.${name}: there is no such argument`),
  ];
}

function bodyFaults(body: Body, allowed: Arguments, at: string): string[] {
  const dynamic = Object.entries((body.dynamic ?? {}) as Body).map(([name, blocks]): [string, Value] => [
    name,
    (blocks as Body[]).flatMap(({ content }) => content as Value[]),
  ]);
  const given = Object.entries(body).filter((entry): entry is [string, Value] => !META.has(entry[0]));
  const names = new Set([...given, ...dynamic].map(([name]) => name));
  const missing = [...allowed].filter(([name, { required }]) => required && !names.has(name));
  return [
    ...missing.map(([name]) => `${at}: lacks ${name}`),
    ...given.flatMap(([name, value]) => valueFaults(value, allowed.get(name), `${at}.${name}`, false)),
    ...dynamic.flatMap(([name, value]) => valueFaults(value, allowed.get(name), `${at}.${name}`, true)),
  ];
}

function valueFaults(value: Value, argument: Argument | undefined, at: string, isRepeated: boolean): string[] {
  if (!argument) return [`${at}: there is no such argument`];
  const { block, isList } = argument;
  if (!block) return isRepeated ? [`${at}: is no block`] : [];
  if (!Array.isArray(value)) return [`${at}: is a block`];
  const several = value.length > 1 && !isList && !isRepeated ? [`${at}: may be there once`] : [];
  return [...several, ...value.flatMap((body) => bodyFaults(body as Body, block, at))];
}

/** Finds the arguments in `ignore_changes` of a lifecycle block that do not exist. */
function ignoredFaults(body: Body, allowed: Arguments, at: string): string[] {
  const ignored = ((body.lifecycle ?? []) as Body[]).flatMap(({ ignore_changes: names }) => (names ?? []) as string[]);
  return ignored.flatMap((path) => {
    let within: Arguments | undefined = allowed;
    for (const [name] of path.matchAll(/[a-z]\w*/g)) {
      const argument: Argument | undefined = within?.get(name);
      if (!argument) return [`${at}: ignores changes of ${path}, which is not there`];
      within = argument.block;
    }
    return [];
  });
}
