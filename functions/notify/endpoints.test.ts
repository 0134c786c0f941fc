import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../shared/config/parse-config.ts';
import { parseConfig } from './config.ts';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const env = {
  GOOGLE_CLOUD_PROJECT: 'demo',
  INVOKER_SERVICE_ACCOUNT: 'invoker@demo.iam.gserviceaccount.com',
  TASK_SERVICE_ACCOUNT: 'invoker@demo.iam.gserviceaccount.com',
  INTERNAL_AUDIENCE: 'https://notify.example.com',
  WEBHOOK_QUEUE: 'projects/demo/locations/l/queues/q',
  PAGE_URL: 'https://downloads.example.com',
};
const endpoint = { id: 'portal', url: 'https://portal.example.com/hooks', secret: SECRET };

const parse = (endpoints: unknown) =>
  parseConfig({ ...env, WEBHOOK_ENDPOINTS: typeof endpoints === 'string' ? endpoints : JSON.stringify(endpoints) })
    .WEBHOOK_ENDPOINTS;

function faultsOf(endpoints: unknown): string[] {
  try {
    parse(endpoints);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
  throw new Error('it was accepted');
}

describe('the endpoints', () => {
  it('are none unless there are some', () => {
    expect(parseConfig(env).WEBHOOK_ENDPOINTS).toEqual([]);
  });

  it('are at public addresses unless told otherwise', () => {
    const full = {
      ...endpoint,
      id: 'local',
      url: 'http://127.0.0.1:9000',
      events: ['report.completed', 'report.expired'],
      source: 'admin-portal',
      allowPrivate: true,
    };
    expect(parse([endpoint, full])).toEqual([{ ...endpoint, allowPrivate: false }, full]);
  });

  it.each<[fault: string, endpoints: unknown, path: string]>([
    ['is not JSON', '[{"id": "portal", "secret": "whsec_p4ssword', 'WEBHOOK_ENDPOINTS'],
    ['is no array', endpoint, 'WEBHOOK_ENDPOINTS'],
    ['has no name', [{ ...endpoint, id: '' }], 'WEBHOOK_ENDPOINTS.0.id'],
    ['has a name that no task could have', [{ ...endpoint, id: 'a.b' }], 'WEBHOOK_ENDPOINTS.0.id'],
    ['has another’s name', [endpoint, endpoint], 'WEBHOOK_ENDPOINTS.1.id'],
    ['has no URL', [{ ...endpoint, url: 'portal' }], 'WEBHOOK_ENDPOINTS.0.url'],
    ['has a URL of something else', [{ ...endpoint, url: 'ftp://example.com' }], 'WEBHOOK_ENDPOINTS.0.url'],
    ['is not https', [{ ...endpoint, url: 'http://example.com' }], 'WEBHOOK_ENDPOINTS.0.url'],
    ['has a secret without its mark', [{ ...endpoint, secret: SECRET.slice(6) }], 'WEBHOOK_ENDPOINTS.0.secret'],
    ['has a short secret', [{ ...endpoint, secret: 'whsec_cDRzc3dvcmQ=' }], 'WEBHOOK_ENDPOINTS.0.secret'],
    ['has a secret that is not base64', [{ ...endpoint, secret: `${SECRET}!` }], 'WEBHOOK_ENDPOINTS.0.secret'],
    ['wants events that there are not', [{ ...endpoint, events: ['report.queued'] }], 'WEBHOOK_ENDPOINTS.0.events.0'],
    ['wants no events', [{ ...endpoint, events: [] }], 'WEBHOOK_ENDPOINTS.0.events'],
    ['has a field that there is not', [{ ...endpoint, event: 'report.completed' }], 'WEBHOOK_ENDPOINTS.0'],
  ])('are refused when one %s', (_, endpoints, path) => {
    const faults = faultsOf(endpoints);
    expect(faults.map((fault) => fault.split(':')[0])).toEqual([path]);
  });

  it('are refused with everything wrong named at once, and no secret', () => {
    const wrong = { id: 'a b', url: 'http://example.com', secret: 'whsec_p4ssword', events: ['p4ssword'] };
    const faults = faultsOf([wrong, { ...endpoint, secret: 'p4ssword' }]);
    expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual(
      ['0.events.0', '0.id', '0.secret', '0.url', '1.secret'].map((path) => `WEBHOOK_ENDPOINTS.${path}`),
    );
    expect(faults.join()).not.toContain('p4ssword');
    expect(faultsOf('{"secret": p4ssword}').join()).not.toContain('p4ssword');
  });
});
