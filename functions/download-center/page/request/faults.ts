import type { RequestFault } from '../../../../shared/api-client/problem-error.ts';
import type { Format } from '../common/format.ts';
import type { Field } from './fields.ts';

export interface PlacedFaults {
  /** By each field's first name. */
  fields: ReadonlyMap<string, string[]>;
  /** Faults that belong to no field. */
  others: string[];
}

/**
 * Assigns the server's faults to fields: `conditions.tagIds.0` belongs to the field tagIds and names the entry,
 * `conditions.to` belongs to the period.
 */
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

/** The server's messages continue from a field's name. A message that stands alone starts with a capital. */
const sentence = (message: string) => message.charAt(0).toUpperCase() + message.slice(1);
