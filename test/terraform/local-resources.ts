import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PubSub } from '@google-cloud/pubsub';
import { CloudTasksClient } from '@google-cloud/tasks';
import { credentials } from '@grpc/grpc-js';
import { PassThroughClient } from 'google-auth-library';
import { startLocalCloud } from '../../infra/local-cloud/local-cloud.ts';
import { PROJECT, QUEUE_LOCATION } from '../../infra/local-system/names.ts';
import { provision } from '../../infra/local-system/provision.ts';
import type { Tables } from './check-names.ts';

/**
 * The resources of a cloud for the system: lines that name a resource and describe its behaviour, in the same form for
 * both clouds.
 */
export type Resources = readonly string[];

const last = (name: unknown) => String(name).split('/').at(-1);
const seconds = (duration: { seconds?: unknown } | null | undefined) => Number(duration?.seconds ?? 0);

/**
 * Returns the resources that the local system creates, as its servers report them. The pipeline is tested with these.
 */
export async function localResources(tables: Tables): Promise<Resources> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rdc-terraform-'));
  const cloud = await startLocalCloud({ dataDir });
  const common = { projectId: PROJECT, authClient: new PassThroughClient() };
  const pubsub = new PubSub({ ...common, apiEndpoint: `127.0.0.1:${cloud.pubsub.port}`, emulatorMode: true });
  const tasks = new CloudTasksClient({
    ...common,
    apiEndpoint: '127.0.0.1',
    port: cloud.tasks.port,
    sslCreds: credentials.createInsecure(),
  });
  const urlOf = (name: string) => `http://127.0.0.1/${name}`;
  try {
    await provision(cloud, Object.keys(tables), urlOf);
    const [topics] = await pubsub.getTopics();
    const [subscriptions] = await pubsub.getSubscriptions();
    const [queues] = await tasks.listQueues({ parent: QUEUE_LOCATION });
    return [
      ...topics.map(({ name }) => `topic ${last(name)}`),
      ...subscriptions.map(({ name, metadata }) => {
        const { pushConfig, deadLetterPolicy: dead, retryPolicy: retry } = metadata ?? {};
        const push = pushConfig?.pushEndpoint
          ? ` to ${last(pushConfig.pushEndpoint)} as ${last(pushConfig.oidcToken?.audience)} within ${metadata?.ackDeadlineSeconds} s, again after ${seconds(retry?.minimumBackoff)} to ${seconds(retry?.maximumBackoff)} s, ${dead?.maxDeliveryAttempts} times, then to ${last(dead?.deadLetterTopic)}`
          : '';
        return `subscription ${last(name)} of ${last(metadata?.topic)} where ${metadata?.filter || 'all'}${push}`;
      }),
      ...queues.map(({ name, retryConfig: retry }) => {
        const spans = [retry?.maxRetryDuration, retry?.minBackoff, retry?.maxBackoff].map(seconds);
        return `queue ${last(name)} tries ${retry?.maxAttempts} for ${spans[0]} s, again after ${spans[1]} to ${spans[2]} s, doubled ${retry?.maxDoublings} times`;
      }),
      'schedule * * * * * calls sweep',
    ].sort();
  } finally {
    await Promise.all([pubsub.close(), tasks.close()]);
    await cloud.close();
    await rm(dataDir, { recursive: true });
  }
}
