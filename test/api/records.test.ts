import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import { type Answer, type Caller, openPortal, type Portal } from './portal.ts';

jest.setTimeout(60_000);

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal('test-records');
});
afterAll(() => portal?.stop());

const order = {
  report: 'withdrawals-by-user-tag',
  conditions: { tagIds: [1, 2], from: '2026-01-01', to: '2026-06-30' },
};
const payments = { report: 'payments-by-admin', conditions: { departmentIds: [1, 2, 3] } };

const idsOf = ({ body }: Answer): string[] => body.downloads.map(({ id }: { id: string }) => id);

describe('the list', () => {
  it('has one’s own records alone, newest first', async () => {
    const [admin, other] = await Promise.all([portal.person(), portal.person()]);
    const ids: string[] = [];
    for (const asked of [order, payments, order]) ids.push((await admin.run(asked)).id);
    await other.run(order);
    const answer = await admin.get('/v1/downloads');
    expect(idsOf(answer)).toEqual(ids.reverse());
    expect(answer.body).not.toHaveProperty('nextPageToken');
    expect(answer.body.downloads[0]).toEqual((await admin.get(`/v1/downloads/${ids[0]}`)).body);
    expect(idsOf(await (await portal.person()).get('/v1/downloads'))).toEqual([]);
  });

  it('is filtered by status, by report, by both', async () => {
    const admin = await portal.person();
    const done = await admin.run(order);
    const alsoDone = await admin.run(payments);
    const { id: cancelled } = await portal.whileHeld(async () => {
      const { body } = await admin.ask({ ...order, refresh: true });
      return (await admin.post(`/v1/downloads/${body.id}:cancel`)).body;
    });
    const listed = async (query: string) => idsOf(await admin.get(`/v1/downloads?${query}`));
    expect(await listed('status=COMPLETED')).toEqual([alsoDone.id, done.id]);
    expect(await listed('report=withdrawals-by-user-tag')).toEqual([cancelled, done.id]);
    expect(await listed('report=withdrawals-by-user-tag&status=COMPLETED')).toEqual([done.id]);
    expect(await listed('status=FAILED')).toEqual([]);
    expect(await listed('report=nothing')).toEqual([]);
  });

  it.each([1, 2, 3, 7, 100])('walked in pages of %d has every record once', async (pageSize) => {
    const admin = await sevenRecords();
    const all = idsOf(await admin.get('/v1/downloads'));
    expect(all).toHaveLength(7);
    const walked: string[] = [];
    let token: string | undefined;
    do {
      const page = await admin.get(`/v1/downloads?pageSize=${pageSize}${token ? `&pageToken=${token}` : ''}`);
      expect(page.body.downloads.length).toBeLessThanOrEqual(pageSize);
      walked.push(...idsOf(page));
      token = page.body.nextPageToken;
    } while (token);
    expect(walked).toEqual(all);
  });

  let walker: Promise<Caller> | undefined;
  function sevenRecords(): Promise<Caller> {
    walker ??= portal.person().then(async (admin) => {
      await portal.whileHeld(async () => {
        for (let n = 0; n < 7; n++) {
          const { body } = await admin.ask({ ...order, refresh: true });
          await admin.post(`/v1/downloads/${body.id}:cancel`);
        }
      });
      return admin;
    });
    return walker;
  }
});

describe('a record', () => {
  it('that has not changed is not sent again', async () => {
    const admin = await portal.person();
    const { id } = await admin.run(order);
    const path = `/v1/downloads/${id}`;
    const first = await admin.get(path);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    const again = await admin.call('GET', path, { headers: { 'if-none-match': etag } });
    expect([again.status, again.body, again.headers.get('etag')]).toEqual([304, '', etag]);
    const other = await admin.call('GET', path, { headers: { 'if-none-match': '"another"' } });
    expect([other.status, other.body]).toEqual([200, first.body]);
  });

  it('says what its file cost, and how long each source took', async () => {
    const admin = await portal.person();
    const { cost, sources } = await admin.run(payments);
    for (const item of ['queries', 'aggregate', 'redis', 'storage', 'operations', 'total'])
      expect(Number(cost[item])).toBeGreaterThan(0);
    for (const { seconds } of Object.values<{ seconds: number }>(sources)) expect(seconds).toBeGreaterThan(0);
    const colleague = await portal.person({ departmentId: admin.departmentId });
    const { body: shared } = await colleague.ask(payments);
    expect([shared.status, shared.cost]).toEqual(['COMPLETED', expect.objectContaining({ total: '0.000000000' })]);
    expect(shared.cost.download).toEqual(cost.download);
  });

  it('that has changed is', async () => {
    const admin = await portal.person();
    await portal.whileHeld(async () => {
      const { body } = await admin.ask(order);
      const path = `/v1/downloads/${body.id}`;
      const etag = (await admin.get(path)).headers.get('etag') ?? '';
      await admin.post(`${path}:cancel`);
      const changed = await admin.call('GET', path, { headers: { 'if-none-match': etag } });
      expect([changed.status, changed.body.status]).toEqual([200, 'CANCELLED']);
    });
  });
});

describe('cancelling', () => {
  it('ends an active record, and may be done again', async () => {
    const admin = await portal.person();
    await portal.whileHeld(async () => {
      const { body: active } = await admin.ask(order);
      const { status, body } = await admin.post(`/v1/downloads/${active.id}:cancel`);
      expect([status, body.id, body.status]).toEqual([200, active.id, 'CANCELLED']);
      expect(body.completedAt).toEqual(expect.any(String));
      const again = await admin.post(`/v1/downloads/${active.id}:cancel`);
      expect([again.status, again.body]).toEqual([200, body]);
      // The lock has been released.
      expect((await admin.ask(payments)).status).toBe(202);
    });
  });

  it('stays so when the tables answer late', async () => {
    const admin = await portal.person();
    const { id } = await portal.whileHeld(async () => {
      const { body } = await admin.ask(order);
      await admin.post(`/v1/downloads/${body.id}:cancel`);
      return body;
    });
    await admin.run(payments);
    expect((await admin.get(`/v1/downloads/${id}`)).body.status).toBe('CANCELLED');
  });

  it('is refused when the record is finished', async () => {
    const admin = await portal.person();
    const { id } = await admin.run(order);
    const { status, body } = await admin.post(`/v1/downloads/${id}:cancel`);
    expect([status, body.code]).toEqual([409, 'already-finished']);
    expect((await admin.get(`/v1/downloads/${id}`)).body.status).toBe('COMPLETED');
  });
});

describe('retrying', () => {
  it.each(['CANCELLED', 'COMPLETED'])('asks the same as a %s record, anew', async (status) => {
    const admin = await portal.person();
    const asked = { ...order, locale: 'zh-TW' };
    const earlier = status === 'COMPLETED' ? await admin.run(asked) : await cancelled(admin, asked);
    const { status: code, headers, body } = await admin.post(`/v1/downloads/${earlier.id}:retry`);
    expect(code).toBe(202);
    expect(body.id).not.toBe(earlier.id);
    expect(headers.get('location')).toBe(`/v1/downloads/${body.id}`);
    expect(body).toMatchObject(asked);
    expect(await admin.end(body.id)).toMatchObject({ status: 'COMPLETED', rows: expect.any(Number) });
    expect((await admin.get(`/v1/downloads/${earlier.id}`)).body.status).toBe(status);
  });

  it('mends a FAILED record once its cause is mended', async () => {
    const admin = await portal.person();
    await portal.mariaDb.sql('RENAME TABLE plt_account.vs_admin TO plt_account.vs_admin_moved');
    const failed = await admin.run(payments);
    await portal.mariaDb.sql('RENAME TABLE plt_account.vs_admin_moved TO plt_account.vs_admin');
    expect(failed).toMatchObject({
      status: 'FAILED',
      failure: { code: 'QUERY_REFUSED', message: expect.stringContaining('plt_account.vs_admin') },
    });
    const { body } = await admin.post(`/v1/downloads/${failed.id}:retry`);
    expect((await admin.end(body.id)).status).toBe('COMPLETED');
  });

  it('is refused while the record is active', async () => {
    const admin = await portal.person();
    await portal.whileHeld(async () => {
      const { body: active } = await admin.ask(order);
      const { status, body } = await admin.post(`/v1/downloads/${active.id}:retry`);
      expect([status, body.code, body.activeId]).toEqual([409, 'still-active', active.id]);
    });
  });

  it('is refused while another is active', async () => {
    const admin = await portal.person();
    const earlier = await admin.run(order);
    await portal.whileHeld(async () => {
      const { body: active } = await admin.ask(payments);
      const { status, body } = await admin.post(`/v1/downloads/${earlier.id}:retry`);
      expect([status, body.code, body.activeId]).toEqual([409, 'locked', active.id]);
    });
  });

  const cancelled = (admin: Caller, asked: object) =>
    portal.whileHeld(async () => {
      const { body } = await admin.ask(asked);
      return (await admin.post(`/v1/downloads/${body.id}:cancel`)).body;
    });
});

describe('the file', () => {
  let admin: Caller;
  let id: string;
  beforeAll(async () => {
    admin = await portal.person();
    ({ id } = await admin.run({ ...order, locale: 'zh-TW' }));
  });

  const NAME = /^標籤用戶提現報表-\d{4}-\d\d-\d\d-\d{4}\.csv$/;
  const signedUrl = async () => (await admin.get(`/v1/downloads/${id}/file?redirect=false`)).body.url as string;

  it('is what the browser is sent to, to be saved under a readable name', async () => {
    const { status, headers } = await admin.get(`/v1/downloads/${id}/file`);
    expect([status, headers.get('cache-control')]).toEqual([302, 'no-store']);
    const file = await fetch(headers.get('location') as string);
    expect(file.status).toBe(200);
    const encoded = /filename\*=UTF-8''(\S+)$/.exec(file.headers.get('content-disposition') ?? '')?.[1] ?? '';
    expect(decodeURIComponent(encoded)).toMatch(NAME);
    expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const { body: record } = await admin.get(`/v1/downloads/${id}`);
    const bytes = Buffer.from(await file.arrayBuffer());
    expect(bytes.length).toBe(record.bytes);
    // The byte order mark at its beginning makes spreadsheets read it as UTF-8.
    expect(bytes.toString().startsWith('\uFEFF訂單號,用戶,標籤,')).toBe(true);
  });

  it('is told as a URL to who does not want to be sent', async () => {
    const { status, headers, body } = await admin.get(`/v1/downloads/${id}/file?redirect=false`);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({ url: expect.any(String), fileName: expect.stringMatching(NAME), expiresInSeconds: 300 });
    expect(new URL(body.url).searchParams.get('X-Goog-Expires')).toBe('300');
    expect((await fetch(body.url)).status).toBe(200);
  });

  it('is not to be had by the URL without its signature, or with any of it changed', async () => {
    const url = await signedUrl();
    const changed = (name: string, value: string) => {
      const other = new URL(url);
      other.searchParams.set(name, value);
      return other.href;
    };
    const tries: [string, RequestInit?][] = [
      [url.split('?')[0] as string],
      [changed('X-Goog-Signature', 'ab'.repeat(256))],
      [changed('X-Goog-Expires', '604800')],
      [changed('response-content-disposition', 'inline')],
      [url.replace('.csv?', '-2.csv?')],
      [url, { method: 'DELETE' }],
      [url, { method: 'PUT', body: 'x' }],
    ];
    for (const [tried, options] of tries) {
      const response = await fetch(tried, options);
      expect(response.status).toBe(403);
      expect(await response.text()).toMatch(/<Code>(SignatureDoesNotMatch|AccessDenied)<\/Code>/);
    }
    expect((await fetch(url)).status).toBe(200);
  });

  it('is not there while the record is in work, nor when it was cancelled', async () => {
    const another = await portal.person();
    await portal.whileHeld(async () => {
      const { body: active } = await another.ask(order);
      const refusal = async () => {
        const { status, body } = await another.get(`/v1/downloads/${active.id}/file`);
        return [status, body.code, body.recordStatus];
      };
      expect(await refusal()).toEqual([409, 'no-file', 'QUERYING']);
      await another.post(`/v1/downloads/${active.id}:cancel`);
      expect(await refusal()).toEqual([409, 'no-file', 'CANCELLED']);
    });
  });

  it('is not there once it has expired, swept away or not yet', async () => {
    const another = await portal.person();
    const { id: expired } = await another.run(order);
    const url = (await another.get(`/v1/downloads/${expired}/file?redirect=false`)).body.url;
    await portal.mariaDb.sql(
      'UPDATE plt_basic.file_download_record SET expires_at = created_at, sweep_at = created_at, leftovers = 0 WHERE id = ?',
      [expired],
    );
    const refused = { status: 409, body: { code: 'no-file', recordStatus: 'EXPIRED' } };
    expect(await another.get(`/v1/downloads/${expired}/file`)).toMatchObject(refused);
    // The first run marks the record, the second removes the file.
    await portal.sweep();
    await portal.sweep();
    expect((await another.get(`/v1/downloads/${expired}`)).body.status).toBe('EXPIRED');
    expect(await another.get(`/v1/downloads/${expired}/file`)).toMatchObject(refused);
    expect((await fetch(url)).status).toBe(404);
    // Nor is the file reused for an equal request.
    expect((await another.ask(order)).status).toBe(202);
  });
});

describe('the catalogue', () => {
  it('shows each report with all that a form needs', async () => {
    const { status, body } = await (await portal.person()).get('/v1/reports');
    expect(status).toBe(200);
    expect(body.reports.map((report: { id: string }) => report.id)).toEqual(
      expect.arrayContaining(['payments-by-admin', 'withdrawals-by-user-tag']),
    );
    for (const report of body.reports) {
      const names = { en: expect.stringMatching(/\w/), 'zh-TW': expect.any(String), 'zh-CN': expect.any(String) };
      expect(report).toMatchObject({ version: expect.any(Number), title: names, formats: ['csv'] });
      for (const column of report.columns) expect(column).toEqual({ name: expect.any(String), title: names });
    }
  });

  it('has JSON Schemas that tell right conditions from wrong ones as the server does', async () => {
    const admin = await portal.person();
    const { body } = await admin.get('/v1/reports');
    for (const { id, conditions, example } of body.reports) {
      expect(conditions.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
      const schema = z.fromJSONSchema(conditions);
      expect(schema.safeParse(example)).toMatchObject({ success: true });
      const [first] = conditions.required;
      for (const wrong of [{ ...example, another: 1 }, { ...example, [first]: null }, {}]) {
        expect(schema.safeParse(wrong).success).toBe(false);
        expect((await admin.ask({ report: id, conditions: wrong })).status).toBe(400);
      }
      expect((await admin.run({ report: id, conditions: example })).status).toBe('COMPLETED');
    }
  });
});
