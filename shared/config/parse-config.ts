import { z } from 'zod';

/** Reports every problem with the environment in one message. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A configuration parser, with the names of the variables that it reads. */
export interface ConfigParser<Shape extends z.ZodRawShape> {
  (env: Environment): z.output<z.ZodObject<Shape>>;
  readonly variables: readonly string[];
}

/**
 * Returns a parser for these variables, a pure function of the environment. It throws one ConfigError that names every
 * missing or malformed variable, without the values.
 */
export function configParser<Shape extends z.ZodRawShape>(shape: Shape): ConfigParser<Shape> {
  const schema = z.object(shape);
  const parse = (env: Environment) => {
    const parsed = schema.safeParse(env);
    if (parsed.success) return parsed.data;
    const faults = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
    throw new ConfigError(`the environment is incomplete:\n${faults.join('\n')}`);
  };
  return Object.assign(parse, { variables: Object.keys(shape) });
}
