import {
  type Block,
  type Body,
  type Configuration,
  type Module,
  systemOf,
  textsOf,
  type Value,
} from './configuration.ts';

/** The variables that a function's configuration parses, by the module that deploys the function. */
export type Parsed = Readonly<Record<string, readonly string[]>>;

/** The variables that are only for a local cloud. */
const LOCAL = new Set(['CLOUD_TASKS_EMULATOR_HOST', 'PUBSUB_EMULATOR_HOST']);

/** The variables that Node and the C library read, by the module of the function that needs them. */
const RUNTIME: Readonly<Record<string, readonly string[]>> = { aggregate: ['MALLOC_ARENA_MAX', 'NODE_OPTIONS'] };

/** Finds the variables that a function parses but does not get, or gets but does not parse. */
export function environmentFaults(configuration: Configuration, parsed: Parsed): string[] {
  const system = systemOf(configuration);
  const functions = functionsOf(system);
  const unknown = functions
    .filter(({ name }) => !(name in parsed))
    .map(({ name }) => `${name}: no function is known by that name`);
  const faults = Object.entries(parsed).flatMap(([name, variables]) => {
    const call = functions.find((block) => block.name === name);
    if (!call) return [`${name}: is not deployed`];
    const wanted = new Set([...variables.filter((variable) => !LOCAL.has(variable)), ...(RUNTIME[name] ?? [])]);
    const given = [...namesIn(call.body.environment, system), ...namesIn(call.body.secrets, system)];
    return [
      ...[...wanted].filter((variable) => !given.includes(variable)).map((variable) => `${name}: lacks ${variable}`),
      ...given.filter((variable) => !wanted.has(variable)).map((variable) => `${name}: does not know ${variable}`),
      ...given
        .filter((variable, at) => given.indexOf(variable) < at)
        .map((variable) => `${name}: has ${variable} twice`),
    ];
  });
  return [...unknown, ...faults];
}

/** Finds the functions whose variables describe an instance other than the one they get. */
export function instanceFaults(configuration: Configuration): string[] {
  const told = functionsOf(systemOf(configuration)).flatMap(({ name, body }) => {
    const { INSTANCE_CPU: cpu, INSTANCE_MEMORY: memory }: Body = Object.assign({}, ...[body.environment].flat());
    return cpu === undefined && memory === undefined
      ? []
      : [{ name, isRight: cpu === body.cpu && memory === body.memory }];
  });
  return [
    ...(told.length > 0 ? [] : ['no function is told of its instance']),
    ...told.filter(({ isRight }) => !isRight).map(({ name }) => `${name}: is told of another instance than it gets`),
  ];
}

export const functionsOf = ({ modules }: Module): readonly Block[] =>
  modules.filter(({ body }) => body.source === '../cloud-run-function');

const ENTRY = /\b([A-Z][A-Z0-9_]+)\s*=(?!=)/g;
const LOCAL_VALUE = /\blocal\.(\w+)/g;

/**
 * Returns the environment variables that a value names: the keys of an object, those in an expression, and those of the
 * locals that it refers to.
 */
function namesIn(value: Value | undefined, system: Module): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => namesIn(item, system));
  if (typeof value === 'object' && value !== null) return Object.keys(value as Body);
  return textsOf(value).flatMap((text) => [
    ...[...text.matchAll(ENTRY)].map(([, name = '']) => name),
    ...[...text.matchAll(LOCAL_VALUE)].flatMap(([, name = '']) => namesIn(system.locals[name], system)),
  ]);
}
