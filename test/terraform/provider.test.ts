import { expect, it } from '@jest/globals';
import { type Body, type Configuration, parseSources, readSources } from './configuration.ts';

/**
 * Finds the environments whose API calls are attributed to no project when an operator applies with gcloud's
 * credentials.
 */
function uncounted(configuration: Configuration): string[] {
  return [...configuration.values()].flatMap(({ folder, files }) => {
    const providers = files.flatMap(({ provider }) => ((provider as Body | undefined)?.google ?? []) as Body[]);
    const isCounted = ({ user_project_override: isOverridden, billing_project: project }: Body) =>
      isOverridden === true && /^\$\{var\.project_id\}$/.test(String(project));
    return providers.every(isCounted) ? [] : [folder];
  });
}

it('the calls that make an environment are counted to its project', async () => {
  const sources = await readSources();
  const configuration = await parseSources(sources);
  expect([...configuration.values()].filter(({ files }) => files.some(({ provider }) => provider))).toHaveLength(2);
  expect(uncounted(configuration)).toEqual([]);
  const staging = 'terraform/environments/staging';
  const file = `${staging}/versions.tf`;
  const faulty = { ...sources, [file]: (sources[file] ?? '').replace('user_project_override = true', '') };
  expect(uncounted(await parseSources(faulty))).toEqual([staging]);
});
