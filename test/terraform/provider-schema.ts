import { readFileSync } from 'node:fs';

/** The type of an argument: a block with arguments of its own, or anything else. */
export interface Argument {
  readonly required: boolean;
  /** For a block: the arguments that it may contain. */
  readonly block?: Arguments;
  /** For a block: whether there may be several. */
  readonly isList: boolean;
}
export type Arguments = ReadonlyMap<string, Argument>;

export interface ResourceType {
  readonly arguments: Arguments;
  /** All attributes that can be referred to: the arguments, and those that the provider returns. */
  readonly attributes: ReadonlySet<string>;
}

/** An argument as renew-provider-schema.ts writes it. */
interface StoredArgument {
  required: boolean;
  isList: boolean;
  block?: Record<string, StoredArgument>;
}
type StoredSchema = Record<string, { arguments: Record<string, StoredArgument>; attributes: string[] }>;

const schema: StoredSchema = JSON.parse(readFileSync(new URL('provider-schema.json', import.meta.url), 'utf8'));

/**
 * Returns a resource (`google_…`) or a data source (`data.google_…`) of the google provider, as in the provider's own
 * schema. Returns undefined if the provider has none of that type, or if nothing here used it when the schema was last
 * renewed.
 */
export function resourceType(type: string): ResourceType | undefined {
  const stored = schema[type];
  return stored && { arguments: argumentsOf(stored.arguments), attributes: new Set(stored.attributes) };
}

function argumentsOf(stored: Record<string, StoredArgument>): Arguments {
  return new Map(
    Object.entries(stored).map(([name, { block, ...argument }]) => [
      name,
      { ...argument, ...(block ? { block: argumentsOf(block) } : {}) },
    ]),
  );
}
