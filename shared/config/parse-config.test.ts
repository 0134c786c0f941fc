import { describe, expect, it } from '@jest/globals';
import { ConfigError, configParser } from './parse-config.ts';
import {
  aggregateQueue,
  fanIn,
  files,
  instance,
  internalCalls,
  people,
  portals,
  project,
  recordStore,
  retention,
} from './variables.ts';

const parse = configParser({ ...project, ...recordStore, ...fanIn, ...files, ...retention });
const complete = { GOOGLE_CLOUD_PROJECT: 'demo', BUCKET: 'reports', REDIS_URL: 'rediss://:secret@10.0.0.3:6378' };

function faultsOf(env: Record<string, string | undefined>): string {
  try {
    parse(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

describe('the environment', () => {
  it('gives what is asked for and nothing else, defaults filled in', () => {
    expect(parse({ ...complete, PATH: '/bin', RECORD_DATABASE_URL: undefined })).toEqual({
      ...complete,
      RECORD_STORE: 'firestore',
      EVENT_TOPIC: 'report-events',
      FILE_DAYS: 7,
      RECORD_DAYS: 180,
    });
  });

  it('gives numbers as numbers', () => {
    expect(parse({ ...complete, FILE_DAYS: '0.5', RECORD_DAYS: '30' })).toMatchObject({
      FILE_DAYS: 0.5,
      RECORD_DAYS: 30,
    });
  });

  it('is refused with everything wrong named at once', () => {
    const message = faultsOf({ REDIS_URL: 'nowhere', RECORD_STORE: 'oracle', FILE_DAYS: 'many', BUCKET: '' });
    const named = message
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(':')[0]);
    expect(named.sort()).toEqual(['BUCKET', 'FILE_DAYS', 'GOOGLE_CLOUD_PROJECT', 'RECORD_STORE', 'REDIS_URL']);
  });

  it('keeps its values to itself', () => {
    const env = {
      REDIS_URL: 'p4ssword',
      RECORD_STORE: 'p4ssword',
      FILE_DAYS: 'p4ssword',
      RECORD_DATABASE_URL: 'p4ssword',
    };
    expect(faultsOf(env)).not.toContain('p4ssword');
  });

  it.each([{ FILE_DAYS: '0' }, { FILE_DAYS: '-1' }, { RECORD_DAYS: 'Infinity' }])('is refused with %j', (change) => {
    expect(faultsOf({ ...complete, ...change })).toContain(Object.keys(change)[0]);
  });
});

describe('an instance', () => {
  const parseInstance = configParser(instance);

  it.each([
    ['2', '2Gi', 2, 2],
    ['1', '512Mi', 1, 0.5],
    ['0.5', '1536Mi', 0.5, 1.5],
  ])('of %s processors has %s: %d and %d GiB', (INSTANCE_CPU, INSTANCE_MEMORY, cpu, gib) => {
    expect(parseInstance({ INSTANCE_CPU, INSTANCE_MEMORY })).toEqual({ INSTANCE_CPU: cpu, INSTANCE_MEMORY: gib });
  });

  it.each([{}, { INSTANCE_CPU: '0', INSTANCE_MEMORY: '2GB' }, { INSTANCE_CPU: 'two', INSTANCE_MEMORY: 'banana' }])(
    'is refused as %j',
    (env) => {
      expect(() => parseInstance(env)).toThrow(/INSTANCE_CPU[\s\S]*INSTANCE_MEMORY/);
    },
  );
});

describe('the portals', () => {
  const parsePortals = configParser(portals);

  it.each([
    [undefined, []],
    ['', []],
    ['https://a.example', ['https://a.example']],
    ['https://a.example  http://localhost:8080', ['https://a.example', 'http://localhost:8080']],
  ])('are a list of origins: %j', (text, origins) => {
    expect(parsePortals({ PORTAL_ORIGINS: text })).toEqual({ PORTAL_ORIGINS: origins });
  });

  it.each(['a.example', '*', 'https://a.example/', 'https://a.example/path', "https://a.example; script-src 'self'"])(
    'are refused if one is no origin, as browsers write it: %s',
    (text) => {
      expect(() => parsePortals({ PORTAL_ORIGINS: text })).toThrow('PORTAL_ORIGINS');
    },
  );
});

it('Google’s issuer and the usual claims are taken unless told otherwise', () => {
  const url = 'https://example.com';
  const parsed = configParser({ ...internalCalls, ...people, ...aggregateQueue })({
    INVOKER_SERVICE_ACCOUNT: 'trigger@demo.iam.gserviceaccount.com',
    TASK_SERVICE_ACCOUNT: 'invoker@demo.iam.gserviceaccount.com',
    INTERNAL_AUDIENCE: url,
    AUTH_JWKS_URL: url,
    AUTH_ISSUER: url,
    AUTH_AUDIENCE: 'center',
    AGGREGATE_QUEUE: 'projects/demo/locations/l/queues/q',
    AGGREGATE_URL: url,
  });
  expect(parsed).toMatchObject({
    INTERNAL_ISSUER: 'https://accounts.google.com',
    INTERNAL_TOKENS_VERIFIED_BY: 'function',
    INTERNAL_JWKS_URL: 'https://www.googleapis.com/oauth2/v3/certs',
    AUTH_CLAIM_ADMIN: 'sub',
    AUTH_CLAIM_DEPARTMENT: 'department',
    AUTH_CLAIM_ROLES: 'roles',
    AUTH_CLAIM_SOURCE: 'azp',
  });
  expect(parsed.CLOUD_TASKS_EMULATOR_HOST).toBeUndefined();
});
