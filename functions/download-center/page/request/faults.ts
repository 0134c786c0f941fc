import type { RequestFault } from '../../../../shared/api-client/problem-error.ts';
import type { Format } from '../common/format.ts';
import type { Field } from './fields.ts';

export interface PlacedFaults {
  /** By each field's first name. */
  fields: ReadonlyMap<string, string[]>;
  /** Those that belong to no field. */
  others: string[];
}

/** Where each of the server's faults is shown: `conditions.tagIds.0` is the field tagIds's, with the entry that is meant, `conditions.to` the period's. */
export function placeFaults(
  faults: readonly RequestFault[],
  fields: readonly Field[],
  conditions: Readonly<Record<string, unknown>>,
  { named }: Pick<Format, 'named'>,
): PlacedFaults {
  const placed = new Map<string, string[]>();
  const others: string[] = [];
  for (const { path, message } of faults) {
    const [, name = '', index] = path.split('.');
    const field = path.startsWith('conditions.')
      ? fields.find(({ names }) => names.some((one) => one === name))
      : undefined;
    if (!field) others.push(path === '' ? sentence(message) : named(path, message));
    else {
      const entry = index === undefined ? undefined : (conditions[name] as unknown[] | undefined)?.[Number(index)];
      const text = entry === undefined ? sentence(message) : named(`${entry}`, message);
      placed.set(field.names[0], [...(placed.get(field.names[0]) ?? []), text]);
    }
  }
  return { fields: placed, others };
}

/** The server's faults go on from a name; one that stands alone begins as a sentence does. */
const sentence = (message: string) => message.charAt(0).toUpperCase() + message.slice(1);
