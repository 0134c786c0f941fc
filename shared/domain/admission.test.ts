import { describe, expect, it } from '@jest/globals';
import { completedRecord, newRecord, plusMinutes } from '../../test/contract/record-store-fixtures.ts';
import type { Precedents } from './admission.ts';
import { admit, type Verdict } from './admission.ts';
import { costOfSharing } from './cost.ts';
import type { FileDownloadRecord } from './record.ts';

const draft = newRecord({ adminId: '7', createdAt: plusMinutes(5) });
const own = { adminId: '7' };
const active = newRecord(own);
const otherActive = newRecord({ ...own, conditionsKey: 'f'.repeat(32) });
const ownFile = completedRecord(own);
const tags = { table: 'plt_user.vs_user_tag_relation', stage: 0, status: 'DONE' as const, rows: 2 };
const colleaguesFile = completedRecord({ adminId: '8', stage: 1, sources: { tags } });
const replayed = completedRecord(own);

describe('a request gets', () => {
  /** The precedents, and the verdict: what is stored, and what the Idempotency-Key is bound to. */
  interface Row {
    name: string;
    found: Precedents;
    confirmed?: string;
    outcome: Verdict['outcome'];
    record: FileDownloadRecord;
    inserts?: FileDownloadRecord;
    remembers?: FileDownloadRecord;
  }
  const replay = { requestHash: 'hash', record: replayed };
  const rows: Row[] = [
    {
      name: 'a new record where there is nothing',
      found: {},
      outcome: 'created',
      record: draft,
      inserts: draft,
      remembers: draft,
    },
    {
      name: 'the first answer again for the same key, before anything else',
      found: { replay, active: otherActive, reusable: ownFile },
      outcome: 'repeated',
      record: replayed,
    },
    {
      name: 'a refusal for a key that came with another request',
      found: { replay: { ...replay, requestHash: 'other' }, active },
      outcome: 'key-conflict',
      record: replayed,
    },
    {
      name: 'the active record that does the same',
      found: { active, reusable: ownFile },
      outcome: 'repeated',
      record: active,
      remembers: active,
    },
    {
      name: 'a refusal while another is active, even if there is a file',
      found: { active: otherActive, reusable: ownFile },
      confirmed: ownFile.id,
      outcome: 'locked',
      record: otherActive,
    },
    {
      name: 'a file only after somebody has looked whether it is there',
      found: { reusable: ownFile },
      outcome: 'unconfirmed',
      record: ownFile,
    },
    {
      name: 'no file when another than the looked-for one has come',
      found: { reusable: ownFile },
      confirmed: colleaguesFile.id,
      outcome: 'unconfirmed',
      record: ownFile,
    },
    {
      name: "the own record of a file that is there, under that record's id",
      found: { reusable: ownFile },
      confirmed: ownFile.id,
      outcome: 'reused',
      record: ownFile,
      remembers: ownFile,
    },
  ];

  it.each(rows)('$name', ({ found, confirmed, outcome, record, inserts, remembers }) => {
    const verdict = admit(draft, 'hash', found, confirmed);
    expect(verdict.outcome).toBe(outcome);
    expect(verdict.record).toBe(record);
    expect(verdict.insert).toBe(inserts);
    expect(verdict.remember).toBe(remembers);
  });
});

describe("a colleague's file", () => {
  const share = (reusable: FileDownloadRecord) => admit(draft, 'hash', { reusable }, reusable.id);

  it("becomes a completed record of the asker's own", () => {
    const { outcome, record, insert, remember } = share(colleaguesFile);
    expect(outcome).toBe('reused');
    expect(insert).toBe(record);
    expect(remember).toBe(record);
    expect(record).toMatchObject({
      id: draft.id,
      adminId: '7',
      status: 'COMPLETED',
      history: [{ status: 'COMPLETED', at: draft.createdAt }],
      createdAt: draft.createdAt,
      reusedFrom: colleaguesFile.id,
      file: colleaguesFile.file,
      cost: costOfSharing(colleaguesFile.file?.bytes ?? 0),
      sources: colleaguesFile.sources,
      stage: colleaguesFile.stage,
      expiresAt: colleaguesFile.expiresAt,
      leftovers: false,
    });
  });

  it('is announced as the new record’s, and soon, if whoever made it dies before', () => {
    expect(share(colleaguesFile).record).toMatchObject({ unannounced: ['COMPLETED'], sweepAt: draft.sweepAt });
  });

  it('grows no younger by being shared, and points to where it came from', () => {
    const { record: shared } = share(colleaguesFile);
    expect(shared.completedAt).toEqual(colleaguesFile.completedAt);
    const { record: sharedAgain } = share({ ...shared, adminId: '9' });
    expect(sharedAgain).toMatchObject({ completedAt: colleaguesFile.completedAt, reusedFrom: colleaguesFile.id });
  });

  it('is another person’s when only the asking system differs', () => {
    const { record } = share(completedRecord({ adminId: '7', source: 'other-portal' }));
    expect(record.id).toBe(draft.id);
  });
});
