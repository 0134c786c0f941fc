import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { BUCKET } from '../../infra/local-system/names.ts';
import { type Caller, openPortal, type Portal } from './portal.ts';

jest.setTimeout(60_000);

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal('test-asking');
});
afterAll(() => portal?.stop());

const order = {
  report: 'withdrawals-by-user-tag',
  conditions: { tagIds: [1, 2], from: '2026-01-01', to: '2026-06-30' },
};
/** Returns an order for a day of its own, so that no two of these orders are equal. */
const orderOfDay = (day: number) => ({
  report: order.report,
  conditions: { ...order.conditions, to: new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10) },
});
/** The same order, written differently. */
const sameOrder = {
  locale: 'en',
  conditions: { to: '2026-06-30', from: '2026-01-01', tagIds: [1, 2] },
  report: order.report,
};

const atOnce = <T>(count: number, run: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)));

describe('a request', () => {
  it('is answered at once with a record', async () => {
    const admin = await portal.person();
    await portal.whileHeld(async () => {
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
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        sources: {
          tags: { table: 'plt_user.vs_user_tag_relation', stage: 0, status: 'WAITING', rows: 0 },
          withdrawals: { table: 'plt_fund.vs_withdraw', stage: 0, status: 'WAITING', rows: 0 },
        },
      });
      expect((await admin.get(headers.get('location') as string)).body).toEqual(body);
    });
  });

  it('comes to its end through every status, and shows what only the machinery needs to nobody', async () => {
    const admin = await portal.person();
    const record = await admin.run(order);
    const statuses = record.history.map(({ status }: { status: string }) => status);
    expect(statuses).toEqual(['QUEUED', 'QUERYING', 'WRITING', 'COMPLETED']);
    expect(record).toMatchObject({
      rows: expect.any(Number),
      bytes: expect.any(Number),
      crc32c: expect.stringMatching(/^[\w+/]{6}==$/),
      fileAddress: expect.stringMatching(/^gs:\/\/.*\.csv$/),
      completedAt: record.history.at(-1).at,
    });
    for (const hidden of ['token', 'sweepAt', 'leftovers', 'deadline', 'file'])
      expect(record).not.toHaveProperty(hidden);
  });

  it('takes who asks from the token alone', async () => {
    const admin = await portal.person();
    const { status } = await admin.ask({ ...order, adminId: 'admin-999', departmentId: 'department-999' });
    expect(status).toBe(400);
    expect(await portal.countRecords(admin.adminId)).toBe(0);
  });
});

describe('while a record is active', () => {
  it('another report is refused, and told which is active', async () => {
    const admin = await portal.person();
    await portal.whileHeld(async () => {
      const { body: active } = await admin.ask(order);
      for (const other of [orderOfDay(1), { ...order, locale: 'zh-TW' }]) {
        const { status, headers, body } = await admin.ask(other);
        expect(status).toBe(409);
        expect(headers.get('content-type')).toContain('application/problem+json');
        expect(body).toMatchObject({ code: 'locked', activeId: active.id });
      }
      expect(await portal.countRecords(admin.adminId)).toBe(1);
    });
  });

  it('the same again is that record, also when asked to run anew', async () => {
    const admin = await portal.person();
    await portal.whileHeld(async () => {
      const { body: active } = await admin.ask(order);
      for (const same of [order, sameOrder, { ...order, refresh: true }]) {
        const { status, headers, body } = await admin.ask(same);
        expect([status, body.id]).toEqual([200, active.id]);
        expect(headers.get('location')).toBe(`/v1/downloads/${active.id}`);
      }
      expect(await portal.countRecords(admin.adminId)).toBe(1);
    });
  });

  it('others are not locked', async () => {
    const [one, other] = await Promise.all([portal.person(), portal.person()]);
    await portal.whileHeld(async () => {
      expect((await one.ask(order)).status).toBe(202);
      expect((await other.ask(order)).status).toBe(202);
    });
  });

  it('and no longer: its end lets the next one in', async () => {
    const admin = await portal.person();
    await admin.run(orderOfDay(1));
    expect((await admin.ask(orderOfDay(2))).status).toBe(202);
  });

  it('fifty requests at once for different things become one record', async () => {
    const admin = await portal.person();
    await portal.whileHeld(async () => {
      const answers = await atOnce(50, (day) => admin.ask(orderOfDay(day)));
      const created = answers.filter(({ status }) => status === 202);
      const refused = answers.filter(({ status }) => status === 409);
      expect([created.length, refused.length]).toEqual([1, 49]);
      expect(new Set(refused.map(({ body }) => body.activeId))).toEqual(new Set([created[0]?.body.id]));
      expect(await portal.countRecords(admin.adminId)).toBe(1);
    });
  });

  it('fifty requests at once for the same become one record, which all are given', async () => {
    const admin = await portal.person();
    await portal.whileHeld(async () => {
      const answers = await atOnce(50, () => admin.ask(order));
      expect(answers.map(({ status }) => status).sort()).toEqual([...Array(49).fill(200), 202]);
      expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
      expect(await portal.countRecords(admin.adminId)).toBe(1);
    });
  });
});

describe('a check', () => {
  const check = async (admin: Caller, asked: object) => {
    const { status, body } = await admin.post('/v1/downloads:check', { body: asked });
    expect(status).toBe(200);
    return [body.outcome, body.record?.id];
  };

  it('tells what asking would come to, and keeps nothing', async () => {
    const admin = await portal.person();
    expect(await check(admin, order)).toEqual(['new', undefined]);
    expect(await portal.countRecords(admin.adminId)).toBe(0);
    const id = await portal.whileHeld(async () => {
      const { body } = await admin.ask(order);
      expect(await check(admin, order)).toEqual(['running', body.id]);
      expect(await check(admin, { ...order, locale: 'zh-TW' })).toEqual(['locked', body.id]);
      return body.id;
    });
    await admin.end(id);
    expect(await check(admin, sameOrder)).toEqual(['reusable', id]);
    expect(await check(admin, { ...order, refresh: true })).toEqual(['new', undefined]);
    expect(await portal.countRecords(admin.adminId)).toBe(1);
  });

  it('tells a colleague that there is a file, and not whose', async () => {
    const who = { departmentId: 'check', roles: ['finance'] };
    const original = await (await portal.person(who)).run(order);
    const { body } = await (await portal.person(who)).post('/v1/downloads:check', { body: order });
    expect(body).toEqual({ outcome: 'reusable', completedAt: original.completedAt });
  });

  it('lists the same faults', async () => {
    const { status, body } = await (await portal.person()).post('/v1/downloads:check', { body: { report: 'x' } });
    expect([status, body.code]).toEqual([400, 'invalid-request']);
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual(['conditions', 'report']);
  });
});

describe('a finished file', () => {
  const finance = { departmentId: 'finance', roles: ['clerk', 'auditor'] };
  const contentOf = async (caller: Awaited<ReturnType<typeof portal.person>>, id: string) => {
    const { body } = await caller.get(`/v1/downloads/${id}/file?redirect=false`);
    return (await fetch(body.url)).text();
  };

  it('is given again to who asks the same, as the same record', async () => {
    const admin = await portal.person();
    const { id } = await admin.run(order);
    const { status, body } = await admin.ask(sameOrder);
    expect([status, body.id, body.status]).toEqual([200, id, 'COMPLETED']);
    expect(await portal.countRecords(admin.adminId)).toBe(1);
  });

  it('is given to a colleague of the same department who may see as much, as a record of their own', async () => {
    const first = await portal.person(finance);
    const original = await first.run(order);
    const colleague = await portal.person({ ...finance, roles: ['manager'] });
    const { status, headers, body: shared } = await colleague.ask(order);
    expect(status).toBe(200);
    expect(headers.get('location')).toBe(`/v1/downloads/${shared.id}`);
    expect(shared.id).not.toBe(original.id);
    const { fileAddress, rows, bytes, crc32c, expiresAt, completedAt, sources } = original;
    expect(shared).toMatchObject({
      ...{ fileAddress, rows, bytes, crc32c, expiresAt, completedAt, sources },
      status: 'COMPLETED',
      adminId: colleague.adminId,
      reusedFrom: original.id,
    });
    expect(await contentOf(colleague, shared.id)).toBe(await contentOf(first, original.id));
    // Each person sees their own record, and not the other's.
    expect((await colleague.get('/v1/downloads')).body.downloads).toMatchObject([{ id: shared.id }]);
    expect((await colleague.get(`/v1/downloads/${original.id}`)).status).toBe(404);
  });

  it.each([
    ['of another department', { ...finance, departmentId: 'risk' }, order],
    ['who may see more', { ...finance, roles: [...finance.roles, 'risk-control'] }, order],
    ['in another language', finance, { ...order, locale: 'zh-CN' }],
  ])('is not given to a person %s', async (_, who, asked) => {
    await (await portal.person(finance)).run(order);
    const { status, body } = await (await portal.person(who)).ask(asked);
    expect([status, body.reusedFrom]).toEqual([202, undefined]);
  });

  it('that shows more is not given to who may see less', async () => {
    const clerk = { ...finance, departmentId: 'clerks' };
    await (await portal.person({ ...clerk, roles: ['risk-control'] })).run(order);
    const { status, body } = await (await portal.person(clerk)).ask(order);
    expect([status, body.reusedFrom]).toEqual([202, undefined]);
  });

  it('is made anew for who says so', async () => {
    const admin = await portal.person();
    const { id } = await admin.run(order);
    const { status, body } = await admin.ask({ ...order, refresh: true });
    expect(status).toBe(202);
    expect(body.id).not.toBe(id);
  });

  it('is made anew when it is gone from storage', async () => {
    const admin = await portal.person();
    const { id, fileAddress } = await admin.run(order);
    const name = encodeURIComponent(fileAddress.replace(`gs://${BUCKET}/`, ''));
    await fetch(`${portal.cloud.storage.url}/storage/v1/b/${BUCKET}/o/${name}`, { method: 'DELETE' });
    const { status, body } = await admin.ask(order);
    expect(status).toBe(202);
    expect(body.id).not.toBe(id);
  });

  it('is made anew once it is older than the report says', async () => {
    const admin = await portal.person();
    const { id } = await admin.run(order);
    const { body } = await admin.get('/v1/reports');
    const { reuseForSeconds } = body.reports.find((report: { id: string }) => report.id === order.report);
    await portal.mariaDb.sql(
      'UPDATE plt_basic.file_download_record SET completed_at = completed_at - INTERVAL ? SECOND WHERE id = ?',
      [reuseForSeconds, id],
    );
    expect((await admin.ask(order)).status).toBe(202);
  });
});

describe('an Idempotency-Key', () => {
  const key = (value: string = crypto.randomUUID()) => ({ 'idempotency-key': value });

  it('gives the first answer’s record again, during and after it', async () => {
    const admin = await portal.person();
    const headers = key();
    const first = await portal.whileHeld(async () => {
      const { status, body } = await admin.ask(order, headers);
      expect(status).toBe(202);
      expect((await admin.ask(sameOrder, headers)).body.id).toBe(body.id);
      return body;
    });
    await admin.end(first.id);
    const again = await admin.ask(order, headers);
    expect([again.status, again.body.id, again.body.status]).toEqual([200, first.id, 'COMPLETED']);
    expect(again.headers.get('location')).toBe(`/v1/downloads/${first.id}`);
  });

  it('gives the first answer’s record again even where another is active', async () => {
    const admin = await portal.person();
    const headers = key();
    const first = await admin.run(order, headers);
    await portal.whileHeld(async () => {
      expect((await admin.ask(orderOfDay(3))).status).toBe(202);
      expect((await admin.ask({ ...order, refresh: true }, headers)).body.id).toBe(first.id);
    });
  });

  it('is refused for another request', async () => {
    const admin = await portal.person();
    const headers = key();
    const { id } = await admin.run(order, headers);
    const { status, body } = await admin.ask(orderOfDay(4), headers);
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'idempotency-key-reused', recordId: id });
    expect(await portal.countRecords(admin.adminId)).toBe(1);
  });

  it('is one’s own: another person’s same key is another', async () => {
    const [one, other] = await Promise.all([portal.person(), portal.person()]);
    const headers = key('same');
    await portal.whileHeld(async () => {
      const answers = [await one.ask(order, headers), await other.ask(orderOfDay(5), headers)];
      expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    });
  });

  it('that comes many times at once makes one record', async () => {
    const admin = await portal.person();
    const headers = key();
    await portal.whileHeld(async () => {
      const answers = await atOnce(20, () => admin.ask(order, headers));
      expect(answers.map(({ status }) => status).sort()).toEqual([...Array(19).fill(200), 202]);
      expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
      expect(await portal.countRecords(admin.adminId)).toBe(1);
    });
  });
});
