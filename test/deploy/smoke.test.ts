import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { crc32cOf } from '../../shared/adapters/cloud-storage/crc32c.ts';
import { fakePrograms } from './fake-programs.ts';
import { runDeploy } from './run-deploy.ts';

const CONTENT = 'Order,Amount\na,1\nb,2\n';

/** A stand-in for a system whose records have ended before they are requested. */
let server: Server;
let origin: string;
let file: string;
/** The status of the record, final unless a test sets another. */
let status: string;
let requests: { call: string; headers: IncomingHttpHeaders; body: string }[];

beforeEach(async () => {
  file = CONTENT;
  status = 'COMPLETED';
  requests = [];
  server = createServer(async (request, response) => {
    const { method, url = '', headers } = request;
    requests.push({ call: `${method} ${url}`, headers, body: await text(request) });
    if (url.startsWith('/signed')) return response.end(file);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(url.includes('/file') ? { url: `${origin}/signed?secret` } : { ...record, status }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.close();
  await once(server, 'close');
});

const record = {
  id: '01a',
  report: 'withdrawals',
  status: 'COMPLETED',
  sources: {},
  rows: 2,
  bytes: CONTENT.length,
  crc32c: crc32cOf(Buffer.from(CONTENT)),
  fileAddress: 'gs://bucket/file.csv',
  history: [
    { status: 'QUEUED', at: '2026-11-23T08:00:00.000Z' },
    { status: 'COMPLETED', at: '2026-11-23T08:00:01.500Z' },
  ],
};

const smoke = (env: Record<string, string>, ...more: string[]) =>
  runDeploy(['smoke', 'withdrawals', '--conditions', '{"from":"2026-01-01"}', '--origin', `${origin}/`, ...more], env);

it('says why there is no connection, as before the name is known', async () => {
  const { code, stderr } = await smoke({ DOWNLOAD_TOKEN: 'token' }, '--origin', 'https://downloads.example.invalid');
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/^no connection: getaddrinfo E\w+ downloads\.example\.invalid\n$/),
  });
});

it('asks anew for the report, and shows its record when the file is as that says', async () => {
  const { code, stdout, stderr } = await smoke({ DOWNLOAD_TOKEN: 'token' });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ id: '01a', status: 'COMPLETED', rows: 2, seconds: 1.5, faults: [] });
  expect(stderr).toMatch(/has the 2 rows, 21 bytes and the checksum that the record says\.\n$/);
  expect(stdout + stderr).not.toMatch(/secret|Order,Amount/);
  expect(requests.map(({ call }) => call)).toEqual([
    'POST /v1/downloads',
    'GET /v1/downloads/01a/file?redirect=false',
    'GET /signed?secret',
  ]);
  expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
    report: 'withdrawals',
    conditions: { from: '2026-01-01' },
    refresh: true,
  });
  expect(requests[0]?.headers.authorization).toBe('Bearer token');
});

it('fails when the file is another', async () => {
  file = CONTENT.replace('b,2\n', '');
  const { code, stderr } = await smoke({ DOWNLOAD_TOKEN: 'token' });
  expect(code).toBe(1);
  expect(stderr).toContain('rows of the file: 1, of the record: 2');
});

it('fails when the file has been changed in place', async () => {
  file = CONTENT.replace('2', '3');
  const { code, stderr } = await smoke({ DOWNLOAD_TOKEN: 'token' });
  expect(code).toBe(1);
  expect(stderr).toMatch(/failed: crc32c of the file/);
});

it('takes the token from a file, and passes Cloud Run’s own check as an invoker', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'token-'));
  await using programs = await fakePrograms({ gcloud: [{ to: /^auth print-identity-token /, stdout: 'pass\n' }] });
  try {
    await writeFile(join(folder, 'token'), 'token of the file\n');
    const invoker = ['--token-file', join(folder, 'token'), '--invoker', 'portal@example.iam.gserviceaccount.com'];
    expect(await smoke(programs.env, ...invoker)).toMatchObject({ code: 0 });
    expect(requests[0]?.headers).toMatchObject({
      authorization: 'Bearer token of the file',
      'x-serverless-authorization': 'Bearer pass',
    });
    // The signed URL leads to Cloud Storage, which must not receive the credentials for the functions.
    expect(requests[2]?.headers).not.toHaveProperty('x-serverless-authorization');
    expect((await programs.calls())[0]).toContain(`--audiences=${origin}`);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('passes Identity-Aware Proxy, which leaves the person’s token to the function', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'token-'));
  try {
    await writeFile(join(folder, 'iap'), 'admitted\n');
    const iap = ['--iap-token-file', join(folder, 'iap')];
    expect(await smoke({ DOWNLOAD_TOKEN: 'token' }, ...iap)).toMatchObject({ code: 0 });
    expect(requests[0]?.headers).toMatchObject({
      authorization: 'Bearer token',
      'proxy-authorization': 'Bearer admitted',
    });
    expect(requests[2]?.headers).not.toHaveProperty('proxy-authorization');
    const { stdout } = await smoke({}, ...iap, '--dry-run');
    expect(stdout).toMatch(/-H "Proxy-Authorization: Bearer \$\{IAP_TOKEN:\?\}"/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('fails when the report takes too long, and cancels it', async () => {
  status = 'QUERYING';
  const { code, stderr } = await smoke({ DOWNLOAD_TOKEN: 'token' }, '--within', '1');
  expect(code).toBe(1);
  expect(stderr).toContain('failed: no file within 1 s, of the record 01a\n');
  expect(requests.at(-1)?.call).toBe('POST /v1/downloads/01a:cancel');
});

it('asks for a token', async () => {
  const { code, stderr } = await smoke({});
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: 'There is no token: give --token-file, or set DOWNLOAD_TOKEN\n',
  });
});
