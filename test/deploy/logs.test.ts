import { describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { fakePrograms } from './fake-programs.ts';
import { deploy } from './faked-deploy.ts';
import { startDeploy } from './run-deploy.ts';

describe('logs', () => {
  const entry = (insertId: string, rest: object) => ({
    insertId,
    timestamp: `2026-11-23T08:00:0${insertId}Z`,
    severity: 'INFO',
    resource: { labels: { service_name: 'sweep' } },
    ...rest,
  });
  const entries = [
    entry('3', { httpRequest: { requestMethod: 'POST', status: 204, latency: '0.2s' } }),
    entry('2', { severity: 'ERROR', jsonPayload: { message: 'failed', recordId: '01a', err: { message: 'refused' } } }),
    entry('1', { textPayload: 'listening' }),
  ];
  const log = { to: /^logging read/, stdout: JSON.stringify(entries) };

  it('shows what functions wrote about a record, oldest first, a line each', async () => {
    const args = ['logs', 'sweep', 'notify', '--project', 'my-project', '--record', '01a'];
    const { code, stdout, gcloud } = await deploy(args, { gcloud: [log] });
    expect({ code, gcloud }).toEqual({
      code: 0,
      gcloud: [
        'logging read resource.type="cloud_run_revision" AND resource.labels.service_name=("sweep" OR "notify") AND jsonPayload.recordId="01a" --project=my-project --freshness=1h --format=json',
      ],
    });
    expect(stdout.trimEnd().split('\n')).toEqual([
      '2026-11-23T08:00:01Z  INFO  sweep  listening',
      '2026-11-23T08:00:02Z  ERROR  sweep  failed  refused  {"recordId":"01a"}',
      '2026-11-23T08:00:03Z  INFO  sweep  POST 204 0.2s',
    ]);
  });
});

it('logs --follow shows each line once, and looks again', async () => {
  const entry = {
    insertId: '1',
    timestamp: '2026-11-23T08:00:01Z',
    resource: { labels: { service_name: 'sweep' } },
    textPayload: 'listening',
  };
  await using programs = await fakePrograms({ gcloud: [{ to: /^logging/, stdout: JSON.stringify([entry]) }] });
  const following = startDeploy(['logs', 'sweep', '--project', 'my-project', '--follow'], programs.env);
  await eventually(async () => (await programs.calls()).length === 3);
  following.process.kill('SIGTERM');
  const { code, stdout } = await following.ended;
  expect({ code, stdout }).toEqual({ code: 130, stdout: '2026-11-23T08:00:01Z  DEFAULT  sweep  listening\n' });
  expect((await programs.calls()).map((call) => call.find((word) => word.startsWith('--freshness')))).toEqual([
    '--freshness=1h',
    '--freshness=2m',
    '--freshness=2m',
  ]);
});
