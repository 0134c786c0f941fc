import { describe, expect, it } from '@jest/globals';
import { costOfSharing } from './cost.ts';
import { type FileDownloadRecord, isActive, lockOwner, STATUSES, type Status } from './record.ts';
import {
  advanceStage,
  cancel,
  complete,
  expire,
  fail,
  isPurgeable,
  markAnnounced,
  markLeftoversRemoved,
  postponeSweep,
  reportProgress,
  startQuerying,
  startWriting,
  type Transition,
} from './transitions.ts';

const now = new Date('2026-03-01T12:00:00.000Z');
const earlier = new Date('2026-03-01T11:00:00.000Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const retention = { fileDays: 7, recordDays: 180 };
const cost = costOfSharing(20);
const file = { fileAddress: 'bucket/reports/r/file.csv', rows: 2, bytes: 20, crc32c: 'AAAAAA==' };
const failure = { code: 'SOURCE_MISSING', message: 'tags never arrived' };
const waiting = { table: 'plt_user.tags', stage: 0, status: 'WAITING' as const, rows: 0 };

function recordIn(status: Status, changes: Partial<FileDownloadRecord> = {}): FileDownloadRecord {
  return {
    id: 'r',
    source: 'portal',
    report: 'withdrawals-by-user-tag',
    definitionVersion: 1,
    conditionsKey: 'k',
    conditions: {},
    format: 'csv',
    locale: 'en',
    departmentId: '3',
    adminId: '7',
    masked: [],
    status,
    history: [{ status, at: earlier }],
    createdAt: earlier,
    stage: 0,
    sources: { tags: waiting },
    token: 4,
    deadline: later(5 * MINUTE),
    sweepAt: earlier,
    leftovers: true,
    unannounced: [],
    ...changes,
  };
}

/** The statuses that are accepted, and the changes to a record with the first of them. */
interface Row {
  name: string;
  transition: Transition;
  from: Status[];
  changes: Partial<FileDownloadRecord>;
}

const rows: Row[] = [
  {
    name: 'startQuerying',
    transition: startQuerying(now),
    from: ['QUEUED'],
    changes: { status: 'QUERYING', sweepAt: later(2 * MINUTE) },
  },
  {
    name: 'reportProgress',
    transition: reportProgress('tags', { status: 'QUERYING', rows: 10 }),
    from: ['QUERYING', 'QUEUED', 'WRITING'],
    changes: { sources: { tags: { ...waiting, status: 'QUERYING', rows: 10 } } },
  },
  {
    name: 'advanceStage',
    transition: advanceStage(0, { tags: { status: 'DONE', rows: 12 } }),
    from: ['QUERYING'],
    changes: { stage: 1, sources: { tags: { ...waiting, status: 'DONE', rows: 12 } } },
  },
  {
    name: 'takeToWrite',
    transition: startWriting(now, { tags: { status: 'DONE', rows: 12 } }),
    from: ['QUERYING', 'WRITING'],
    changes: { status: 'WRITING', token: 5, sources: { tags: { ...waiting, status: 'DONE', rows: 12 } } },
  },
  {
    name: 'complete',
    transition: complete(4, file, cost, now, retention),
    from: ['WRITING'],
    changes: {
      status: 'COMPLETED',
      completedAt: now,
      file,
      cost,
      expiresAt: later(7 * DAY),
      sweepAt: later(MINUTE),
      unannounced: ['COMPLETED'],
    },
  },
  {
    name: 'fail',
    transition: fail(failure, now, 4),
    from: ['QUERYING', 'QUEUED', 'WRITING'],
    changes: { status: 'FAILED', completedAt: now, failure, sweepAt: later(MINUTE), unannounced: ['FAILED'] },
  },
  {
    name: 'cancel',
    transition: cancel(now),
    from: ['QUERYING', 'QUEUED', 'WRITING'],
    changes: { status: 'CANCELLED', completedAt: now, sweepAt: later(MINUTE), unannounced: ['CANCELLED'] },
  },
  {
    name: 'expire',
    transition: (record) => expire(now)({ ...record, expiresAt: now, leftovers: false }),
    from: ['COMPLETED'],
    changes: { status: 'EXPIRED', expiresAt: now, leftovers: true, sweepAt: now, unannounced: ['EXPIRED'] },
  },
  {
    name: 'announced',
    transition: (record) => markAnnounced('COMPLETED')({ ...record, unannounced: ['COMPLETED'] }),
    from: [...STATUSES],
    changes: { unannounced: [] },
  },
  {
    name: 'postponeSweep',
    transition: postponeSweep(later(MINUTE)),
    from: [...STATUSES],
    changes: { sweepAt: later(MINUTE) },
  },
  {
    name: 'markClean',
    transition: markLeftoversRemoved(retention, now),
    from: ['FAILED', 'COMPLETED', 'CANCELLED', 'EXPIRED'],
    changes: { leftovers: false, sweepAt: new Date(earlier.getTime() + 180 * DAY) },
  },
];

describe.each(rows)('$name', ({ transition, from, changes }) => {
  const before = recordIn(from[0] as Status);

  it('changes these fields, remembers a new status in the history, and leaves everything else as it was', () => {
    const entered = changes.status ? { history: [...before.history, { status: changes.status, at: now }] } : {};
    expect(transition(before)).toStrictEqual({ ...before, ...entered, ...changes });
  });

  it('does not touch the record it was given', () => {
    const copy = structuredClone(before);
    transition(before);
    expect(before).toStrictEqual(copy);
  });

  const outcomes = STATUSES.map((status) => ({ status, outcome: from.includes(status) ? 'accepted' : 'refused' }));
  it.each(outcomes)('$outcome from $status', ({ status, outcome }) => {
    expect(transition(recordIn(status)) ? 'accepted' : 'refused').toBe(outcome);
  });
});

describe('refusals beside the status', () => {
  const refused: { name: string; transition: Transition; record: FileDownloadRecord }[] = [
    {
      name: 'progress of a source that the record does not have',
      transition: reportProgress('payments', { rows: 1 }),
      record: recordIn('QUERYING'),
    },
    {
      name: 'a stage that has already been left',
      transition: advanceStage(0, {}),
      record: recordIn('QUERYING', { stage: 1 }),
    },
    {
      name: 'completion by the holder of an older fencing token',
      transition: complete(3, file, cost, now, retention),
      record: recordIn('WRITING'),
    },
    {
      name: 'failure by the holder of an older fencing token',
      transition: fail(failure, now, 3),
      record: recordIn('WRITING'),
    },
    {
      name: 'an announcement of what was announced already',
      transition: markAnnounced('COMPLETED'),
      record: recordIn('COMPLETED'),
    },
    { name: 'expiry before its time', transition: expire(now), record: recordIn('COMPLETED', { expiresAt: later(1) }) },
    { name: 'expiry of a record without one', transition: expire(now), record: recordIn('COMPLETED') },
  ];

  it.each(refused)('$name', ({ transition, record }) => {
    expect(transition(record)).toBeUndefined();
  });
});

it('a status waits to be announced behind an earlier one, and either may be announced first', () => {
  const completed = recordIn('COMPLETED', { expiresAt: now, unannounced: ['COMPLETED'] });
  const expired = expire(now)(completed) as FileDownloadRecord;
  expect(expired.unannounced).toStrictEqual(['COMPLETED', 'EXPIRED']);
  expect(markAnnounced('COMPLETED')(expired)?.unannounced).toStrictEqual(['EXPIRED']);
  expect(markAnnounced('EXPIRED')(expired)?.unannounced).toStrictEqual(['COMPLETED']);
});

it('a record taken from a dead aggregator stays in WRITING without a second entry in its history', () => {
  const writing = recordIn('WRITING');
  expect(startWriting(now, {})(writing)).toStrictEqual({ ...writing, token: 5 });
});

it('progress of a source that is done is taken, and changes nothing', () => {
  const record = recordIn('QUERYING', { sources: { tags: { ...waiting, status: 'DONE', rows: 12 } } });
  expect(reportProgress('tags', { status: 'QUERYING', rows: 5 })(record)).toBe(record);
});

it('progress of sources that the record does not have is left out when a stage is advanced', () => {
  expect(advanceStage(0, { payments: { rows: 1 } })(recordIn('QUERYING'))?.sources).toStrictEqual({ tags: waiting });
});

it('a clean record with a file is looked at when the file expires, one without when the record may go', () => {
  const ended = { completedAt: now, expiresAt: later(7 * DAY) };
  expect(markLeftoversRemoved(retention, now)(recordIn('COMPLETED', ended))?.sweepAt).toStrictEqual(later(7 * DAY));
  expect(markLeftoversRemoved(retention, now)(recordIn('EXPIRED', ended))?.sweepAt).toStrictEqual(later(180 * DAY));
});

it('a clean record that is not announced yet is looked at again soon', () => {
  const ended = { completedAt: now, expiresAt: later(7 * DAY), leftovers: true, unannounced: ['COMPLETED' as const] };
  expect(markLeftoversRemoved(retention, now)(recordIn('COMPLETED', ended))).toMatchObject({
    ...{ leftovers: false, unannounced: ['COMPLETED'] },
    sweepAt: later(2 * MINUTE),
  });
});

describe('isPurgeable', () => {
  const old = { completedAt: later(-180 * DAY), leftovers: false };
  const cases: { name: string; record: FileDownloadRecord; expected: boolean }[] = [
    { name: 'a failed record at the end of its days', record: recordIn('FAILED', old), expected: true },
    { name: 'an expired one', record: recordIn('EXPIRED', old), expected: true },
    {
      name: 'a younger one',
      record: recordIn('FAILED', { ...old, completedAt: later(1 - 180 * DAY) }),
      expected: false,
    },
    { name: 'one whose file is still there', record: recordIn('COMPLETED', old), expected: false },
    {
      name: 'one whose end nobody was told of',
      record: recordIn('FAILED', { ...old, unannounced: ['FAILED'] }),
      expected: false,
    },
    { name: 'one with leftovers', record: recordIn('FAILED', { ...old, leftovers: true }), expected: false },
    { name: 'an active one, however old', record: recordIn('QUERYING', old), expected: false },
  ];

  it.each(cases)('$name: $expected', ({ record, expected }) => {
    expect(isPurgeable(record, now, retention)).toBe(expected);
  });
});

it('queued, querying and writing records are active', () => {
  expect(STATUSES.filter((status) => isActive(recordIn(status)))).toStrictEqual(['QUEUED', 'QUERYING', 'WRITING']);
});

it('admins are locked per asking system', () => {
  expect(lockOwner({ source: 'portal', adminId: '7' })).not.toBe(lockOwner({ source: 'backoffice', adminId: '7' }));
});
