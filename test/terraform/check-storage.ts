import { fileObject, filesPrefix, partObject, partsPrefix } from '../../shared/domain/names.ts';
import { type Body, type Configuration, systemOf } from './configuration.ts';

const record = { id: 'id', createdAt: new Date(0), report: 'report', token: 1 };

/**
 * What the code stores, and a lifecycle rule has to remove if nothing else does: the parts after one day, the files
 * after the retention.
 */
const STORED = [partObject(partsPrefix(record.id), 0), fileObject(record), filesPrefix(record)];

/** Finds the objects that no lifecycle rule removes, and the buckets that could be made public. */
export function storageFaults(configuration: Configuration): string[] {
  const buckets = systemOf(configuration).resources.filter(({ type }) => type === 'google_storage_bucket');
  const rules = buckets.flatMap(({ body }) => (body.lifecycle_rule ?? []) as Body[]);
  const prefixes = rules
    .filter(({ action }) => (action as Body[])[0]?.type === 'Delete')
    .flatMap(({ condition }) => (condition as Body[]).flatMap(({ matches_prefix: prefix }) => prefix as string[]));
  const open = buckets.filter(
    ({ body }) => body.uniform_bucket_level_access !== true || body.public_access_prevention !== 'enforced',
  );
  return [
    ...STORED.filter((name) => !prefixes.some((prefix) => name.startsWith(prefix))).map(
      (name) => `nothing removes ${name}`,
    ),
    ...open.map(({ name }) => `${name}: is not closed to the public`),
    ...(rules.some(({ action }) => (action as Body[])[0]?.type === 'AbortIncompleteMultipartUpload')
      ? []
      : ['unfinished uploads stay']),
  ];
}
