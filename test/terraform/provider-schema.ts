import { readFileSync } from 'node:fs';

/** An argument's type: a block with arguments of its own, or anything else. */
export interface Argument {
  readonly required: boolean;
  /** Of a block: what may be in it. */
  readonly block?: Arguments;
  /** Of a block: whether there may be several. */
  readonly isList: boolean;
}
export type Arguments = ReadonlyMap<string, Argument>;

export interface ResourceType {
  readonly arguments: Arguments;
  /** Whatever may be referred to: the arguments and what the provider tells. */
  readonly attributes: ReadonlySet<string>;
}

/** As renew-provider-schema.ts writes it. */
interface StoredArgument {
  required: boolean;
  isList: boolean;
  block?: Record<string, StoredArgument>;
}
type StoredSchema = Record<string, { arguments: Record<string, StoredArgument>; attributes: string[] }>;

const schema: StoredSchema = JSON.parse(readFileSync(new URL('provider-schema.json', import.meta.url), 'utf8'));

/**
 * A resource of the google provider, `google_…`, or a data source, `data.google_…`, as the provider's own schema has it; undefined if it has none of that type, or if
 * nothing here had it when the schema was last renewed.
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
