import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import { BUCKET } from '../../infra/local-system/names.ts';
import { type Answer, type Caller, openPortal, type Portal } from './portal.ts';

jest.setTimeout(60_000);

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal('test-downloads');
});
afterAll(() => portal?.stop());

const conditions = { tagIds: [1, 2], from: '2026-01-01', to: '2026-06-30' };
const order = { report: 'withdrawals-by-user-tag', conditions };
const otherOrder = { report: 'payments-by-admin', conditions: { departmentIds: [1, 2, 3] } };
/** Of a day of its own: no two of these ask the same. */
const orderOfDay = (day: number) => ({
  ...order,
  conditions: { ...conditions, to: new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10) },
});
const atOnce = <T>(count: number, run: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)));

/** Does `work` while no table is asked, so that what is created stays active. */
async function whileHeld(work: () => Promise<void>): Promise<void> {
  const release = portal.cloud.pubsub.faults.hold();
  try {
    await work();
  } finally {
    release();
  }
}

const deleteObject = async (fileAddress: string) => {
  const name = encodeURIComponent(fileAddress.replace(`gs://${BUCKET}/`, ''));
  const url = `${portal.cloud.storage.url}/storage/v1/b/${BUCKET}/o/${name}`;
  expect((await fetch(url, { method: 'DELETE' })).ok).toBe(true);
};

/** The file's text, by the redirect that a browser would follow. */
async function download(caller: Caller, id: string): Promise<string> {
  const { status, headers } = await caller.get(`/v1/downloads/${id}/file`);
  expect(status).toBe(302);
  const file = await fetch(headers.get('location') as string);
  expect(file.status).toBe(200);
  return file.text();
}

describe('a request', () => {
  it('is answered at once with a record, which comes to its end', async () => {
    const admin = await portal.person({ roles: ['finance'] });
    const { status, headers, body } = await admin.ask({ ...order, locale: 'zh-TW' });
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/v1/downloads/${body.id}`);
    expect(body).toMatchObject({
      ...order,
      source: 'admin-portal',
      adminId: admin.adminId,
      departmentId: admin.departmentId,
      format: 'csv',
      locale: 'zh-TW',
      status: 'QUERYING',
      sources: {
        tags: { table: 'plt_user.vs_user_tag_relation', stage: 0, status: 'WAITING', rows: 0 },
        withdrawals: { table: 'plt_fund.vs_withdraw', stage: 0, status: 'WAITING', rows: 0 },
      },
    });
    expect(body.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

    const record = await admin.run(otherOrder).catch(() => admin.run(order));
    expect(record.history.map((step: { status: string }) => step.status)).toEqual([
      'QUEUED',
      'QUERYING',
      'WRITING',
      'COMPLETED',
    ]);
    expect(record).toMatchObject({
      rows: expect.any(Number),
      bytes: expect.any(Number),
      crc32c: expect.stringMatching(/^[\w+/]{6}==$/),
      fileAddress: expect.stringMatching(/^gs:\/\//),
    });
    for (const hidden of ['token', 'sweepAt', 'leftovers', 'deadline']) expect(record).not.toHaveProperty(hidden);
  });
});
