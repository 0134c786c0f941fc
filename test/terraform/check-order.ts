import type { Configuration } from './configuration.ts';

/**
 * What must exist before each resource, although the resource does not refer to it. Otherwise the resource is created
 * but refused, or fails until then.
 */
const AFTER: Readonly<Record<string, readonly string[]>> = {
  'google_cloud_run_v2_service.this': [
    'google_secret_manager_secret_iam_member.reads',
    'google_project_iam_member.connects',
  ],
  'google_pubsub_subscription.query_table': ['google_pubsub_topic_iam_member.agent_sets_aside', 'module.query_table'],
  'google_pubsub_subscription.notify': ['google_pubsub_topic_iam_member.agent_sets_aside', 'module.notify'],
  'google_cloud_scheduler_job.sweep': ['module.sweep'],
};

/** Finds the resources that do not wait for what they need. */
export function orderFaults(configuration: Configuration): string[] {
  const resources = [...configuration.values()].flatMap((module) => module.resources);
  return Object.entries(AFTER).flatMap(([address, wanted]) => {
    const found = resources.find(({ type, name }) => `${type}.${name}` === address);
    const waits = ((found?.body.depends_on ?? []) as string[]).map((text) => text.replaceAll(/[${}]/g, ''));
    return wanted.filter((name) => !waits.includes(name)).map((name) => `${address}: does not wait for ${name}`);
  });
}
