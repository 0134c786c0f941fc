import type { ObjectResource } from './object-store.ts';

const byUtf8 = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/**
 * One page of a bucket's objects, ordered by their names' UTF-8 bytes. With a `delimiter`, names that contain it after
 * the `prefix` are grouped into prefixes. The page token is the last name or prefix returned.
 */
export function listObjects(objects: ObjectResource[], query: URLSearchParams) {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter');
  const maxResults = Math.min(Number(query.get('maxResults') || 1000), 1000);
  const after = Buffer.from(query.get('pageToken') ?? '', 'base64url').toString();

  const entries = new Map<string, ObjectResource | 'prefix'>();
  for (const resource of objects) {
    if (!resource.name.startsWith(prefix)) continue;
    const end = delimiter ? resource.name.indexOf(delimiter, prefix.length) : -1;
    if (end < 0) entries.set(resource.name, resource);
    else entries.set(resource.name.slice(0, end + (delimiter as string).length), 'prefix');
  }
  const remaining = [...entries.keys()].filter((name) => byUtf8(name, after) > 0).sort(byUtf8);
  const page = remaining.slice(0, maxResults);
  const last = page.at(-1);
  return {
    kind: 'storage#objects',
    items: page.map((name) => entries.get(name)).filter((entry) => entry !== 'prefix'),
    prefixes: page.filter((name) => entries.get(name) === 'prefix'),
    ...(last !== undefined &&
      remaining.length > page.length && { nextPageToken: Buffer.from(last).toString('base64url') }),
  };
}
