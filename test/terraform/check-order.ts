import type { Configuration } from './configuration.ts';

/** What is to be there before, though nothing in it refers to that: or it is made, and refused, or fails until then. */
const AFTER: Readonly<Record<string, readonly string[]>> = {
  'google_cloud_run_v2_service.this': [
    'google_secret_manager_secret_iam_member.reads',
    'google_project_iam_member.connects',
  ],
  'google_pubsub_subscription.query_table': ['google_pubsub_topic_iam_member.agent_sets_aside', 'module.query_table'],
  'google_pubsub_subscription.notify': ['google_pubsub_topic_iam_member.agent_sets_aside', 'module.notify'],
  'google_cloud_scheduler_job.sweep': ['module.sweep'],
};

/** Resources that do not wait for what they need. */
export function orderFaults(configuration: Configuration): string[] {
  const resources = [...configuration.values()].flatMap((module) => module.resources);
  return Object.entries(AFTER).flatMap(([address, wanted]) => {
    const found = resources.find(({ type, name }) => `${type}.${name}` === address);
    const waits = ((found?.body.depends_on ?? []) as string[]).map((text) => text.replaceAll(/[${}]/g, ''));
    return wanted.filter((name) => !waits.includes(name)).map((name) => `${address}: does not wait for ${name}`);
  });
}
