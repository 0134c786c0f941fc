import { createReadStream } from 'node:fs';
import { invalid } from './errors.ts';
import type { Destination, ObjectFields, ObjectResource, ObjectStore } from './object-store.ts';
import { PartialFile } from './partial-file.ts';
import { fieldsOf } from './upload.ts';

export interface ComposeRequest {
  destination?: ObjectFields;
  sourceObjects?: { name: string; generation?: string; objectPreconditions?: { ifGenerationMatch: string } }[];
}

/** Concatenates 1 to 32 objects of the destination's bucket. */
export async function composeObject(
  store: ObjectStore,
  target: Destination,
  { destination = {}, sourceObjects = [] }: ComposeRequest,
): Promise<ObjectResource> {
  if (sourceObjects.length < 1 || sourceObjects.length > 32) {
    throw invalid(`The number of source components provided (${sourceObjects.length}) must be between 1 and 32.`);
  }
  const sources = sourceObjects.map(({ name, generation, objectPreconditions }) => {
    const conditions = new URLSearchParams({ ...objectPreconditions });
    if (generation !== undefined) conditions.set('generation', generation);
    return store.find(target.bucket, name, conditions);
  });
  store.checkInsert(target);
  const content = await PartialFile.create(store.folder);
  try {
    for (const { path } of sources) {
      for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) content.append(chunk);
    }
  } catch (error) {
    await content.discard();
    throw error;
  }
  const componentCount = sources.reduce((sum, { resource }) => sum + (resource.componentCount ?? 1), 0);
  return store.insert(target, content, { ...fieldsOf(destination), componentCount });
}
