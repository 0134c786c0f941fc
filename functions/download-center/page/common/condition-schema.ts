import type { Locale, Titles } from '../../../../shared/api-client/types.ts';
import type { Format } from './format.ts';

/** A property of a report's conditions: the part of its JSON Schema that the page reads. */
export interface Property {
  type?: string;
  format?: string;
  enum?: readonly unknown[];
  default?: unknown;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  maxLength?: number;
  items?: Property;
  'x-title'?: Titles;
  'x-options'?: readonly { value: unknown; title: Titles }[];
}

/** The JSON Schema of a report's conditions, from the catalogue. */
export interface ConditionSchema {
  properties?: Readonly<Record<string, Property>>;
  required?: readonly string[];
}

export interface Option {
  value: string | number;
  label: string;
}

/** Returns the options, if the condition is a choice. */
export function optionsOf(property: Property, locale: Locale): Option[] | undefined {
  const titled = property['x-options']?.map(({ value, title }) => ({
    value: value as Option['value'],
    label: title[locale],
  }));
  const values = (property.enum ?? property.items?.enum) as Option['value'][] | undefined;
  return titled ?? values?.map((value) => ({ value, label: `${value}` }));
}

/** Returns the condition's title in the page's language, or its name if it has no title. */
export function titleOf(name: string, property: Property, locale: Locale): string {
  return property['x-title']?.[locale] ?? name;
}

/** Returns the conditions of a record's request under the titles that the form shows. */
export function describeConditions(
  schema: ConditionSchema,
  conditions: unknown,
  locale: Locale,
  format: Pick<Format, 'day'>,
): { name: string; title: string; values: string[] }[] {
  return Object.entries(conditions ?? {}).map(([name, value]) => {
    const property = schema.properties?.[name] ?? {};
    const labels = new Map(optionsOf(property, locale)?.map((option) => [option.value, option.label]));
    const values = (Array.isArray(value) ? value : [value]).map(
      (one) => labels.get(one) ?? textOf(one, property, format),
    );
    return { name, title: titleOf(name, property, locale), values };
  });
}

function textOf(value: unknown, property: Property, format: Pick<Format, 'day'>): string {
  // A record may be older than its schema: a value that is not a date is shown unchanged.
  if ((property.items ?? property).format === 'date' && !Number.isNaN(Date.parse(`${value}`)))
    return format.day(`${value}`);
  return typeof value === 'object' ? JSON.stringify(value) : `${value}`;
}
