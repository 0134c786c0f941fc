import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { newRecord } from '../../../test/contract/record-store-fixtures.ts';
import { toDocument } from './documents.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

it('a document tells Firestore when it is forgotten, which is after the longest time that records may be kept', () => {
  const { fieldOverrides } = JSON.parse(read('infra/schemas/firestore.indexes.json'));
  const fields: string[] = fieldOverrides
    .filter((field: { ttl?: boolean }) => field.ttl)
    .map((field: { fieldPath: string }) => field.fieldPath);
  expect(new Set(fields)).toEqual(new Set(['forgottenAt']));

  const [, longestDays] =
    /record_days <= (\d+)/.exec(read('terraform/modules/download-center-system/variables.tf')) ?? [];
  const record = newRecord();
  const { forgottenAt } = toDocument(record, 'attempt');
  const days = (forgottenAt.getTime() - record.createdAt.getTime()) / 86_400_000;
  // The time counts from the record's end, and a record takes hours at most.
  expect(days).toBeGreaterThan(Number(longestDays) + 7);
});
