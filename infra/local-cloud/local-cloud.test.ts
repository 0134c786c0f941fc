import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { startTestCloud } from '../../test/support/test-cloud.ts';

/** Another process runs this with no environment variables except the cloud's. */
const CLIENT = `
  import { PubSub } from '@google-cloud/pubsub';
  import { Storage } from '@google-cloud/storage';
  import { CloudTasksClient } from '@google-cloud/tasks';
  import { credentials } from '@grpc/grpc-js';

  const [topic] = await new PubSub().createTopic('topic');
  const [bucket] = await new Storage().createBucket('bucket');
  const file = bucket.file('f');
  await file.save('content', { resumable: false });
  const [url] = await file.getSignedUrl({ version: 'v4', action: 'read', expires: Date.now() + 60_000 });
  const [apiEndpoint, port] = process.env.CLOUD_TASKS_EMULATOR_HOST.split(':');
  const tasks = new CloudTasksClient({ apiEndpoint, port: Number(port), sslCreds: credentials.createInsecure() });
  const parent = tasks.locationPath('local', 'here');
  const [queue] = await tasks.createQueue({ parent, queue: { name: parent + '/queues/q' } });
  console.log(JSON.stringify({ topic: topic.name, content: await (await fetch(url)).text(), queue: queue.name }));
  process.exit();
`;

describe('the local cloud', () => {
  it('serves the official clients of another process by its environment alone', async () => {
    const cloud = await startTestCloud();
    try {
      const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', CLIENT], {
        cwd: import.meta.dirname,
        env: cloud.env,
      });
      expect(JSON.parse(stdout)).toEqual({
        topic: 'projects/local/topics/topic',
        content: 'content',
        queue: 'projects/local/locations/here/queues/q',
      });
    } finally {
      await cloud.close();
    }
  });

  it('hides the key file from other users', async () => {
    const cloud = await startTestCloud();
    const { mode } = await stat(cloud.env.GOOGLE_APPLICATION_CREDENTIALS as string);
    await cloud.close();
    expect(mode & 0o777).toBe(0o600);
  });

  it('leaves nothing that keeps a process alive', async () => {
    const script = `
      import { startTestCloud } from '../../test/support/test-cloud.ts';
      import { v1 } from '@google-cloud/pubsub';
      import { credentials } from '@grpc/grpc-js';

      const cloud = await startTestCloud();
      const options = { servicePath: '127.0.0.1', port: cloud.pubsub.port, sslCreds: credentials.createInsecure() };
      const [publisher, subscriber] = [new v1.PublisherClient(options), new v1.SubscriberClient(options)];
      const [topic, name] = ['projects/local/topics/topic', 'projects/local/subscriptions/subscription'];
      await publisher.createTopic({ name: topic });
      await subscriber.createSubscription({ name, topic, pushConfig: { pushEndpoint: cloud.storage.url + '/never' } });
      const release = cloud.pubsub.faults.hold();
      await publisher.publish({ topic, messages: [{ data: Buffer.from('held') }, { data: Buffer.from('failing') }] });
      release();
      const messages = [{ data: 'aGVsZA==' }];
      const url = 'http://127.0.0.1:' + cloud.pubsub.port + '/v1/' + topic + ':publish';
      await (await fetch(url, { method: 'POST', body: JSON.stringify({ messages }) })).json();
      await cloud.close();
      await Promise.all([publisher.close(), subscriber.close()]);
      console.log('closed');
    `;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: import.meta.dirname,
      timeout: 20_000,
    });
    expect((await run).stdout).toBe('closed\n');
  });
});
