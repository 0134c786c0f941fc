import { expect, it } from '@jest/globals';
import { duckDbJoiner } from '../../shared/adapters/duckdb-joiner/joiner.ts';
import type { Source } from '../../shared/catalogue/define-report.ts';
import type { ShapedKeys, SourceResult } from '../../shared/domain/source-result.ts';
import type { FanIn } from '../../shared/ports/fan-in.ts';
import { paymentsByAdmin } from '../../shared/reports/payments-by-admin.ts';
import { readKeys } from '../../shared/results/read-keys.ts';
import { writeResult } from '../../shared/results/write-result.ts';
import { newRecord } from '../../test/contract/record-store-fixtures.ts';
import { memoryObjectStore } from '../../test/support/memory-object-store.ts';
import { never } from '../../test/support/never.ts';
import type { AggregatePorts, Look } from './look.ts';
import { hasKeys, shapeKeys } from './shape-keys.ts';

const objects = memoryObjectStore();
const joiner = duckDbJoiner({ memoryLimit: '64MB', spillLimit: '64MB' });
const machine = { vcpu: 1, memoryGib: 1 };

/** Stores the CSV as a source's result, and resolves to the result. */
async function resultOf(csv: string): Promise<SourceResult> {
  const stored = await writeResult(
    {
      columns: [
        { name: 'id', kind: 'text' },
        { name: 'name', kind: 'text' },
        { name: 'department_id', kind: 'unsigned' },
      ],
      dataAsOf: new Date('2026-03-01'),
      rowsRead: () => 1,
      longestRow: () => 100,
      blocks: (async function* () {
        yield Buffer.from(csv);
      })(),
    },
    'parts/r/admins/a/',
    objects,
    never,
  );
  return { ...stored, effort: { ...machine, seconds: 1 } };
}

const lookAt = (admins: SourceResult, keys?: ShapedKeys): Look => ({
  task: { recordId: 'r', stage: 0, attempt: 0 },
  began: new Date(),
  record: newRecord(),
  report: paymentsByAdmin,
  state: {
    queryDoneCount: 1,
    results: new Map([['admins', admins]]),
    keys: new Map(keys ? [['payments', keys]] : []),
    errors: new Map(),
  },
});
const payments = paymentsByAdmin.sources.find(({ name }) => name === 'payments') as Source;

async function shape(look: Look): Promise<ShapedKeys> {
  let shaped: ShapedKeys | undefined;
  const fanIn: Pick<FanIn, 'recordKeys'> = {
    async recordKeys(_recordId, _source, keys) {
      shaped = keys;
    },
  };
  const ports = { fanIn, objects, joiner, machine, clock: () => new Date() } as unknown as AggregatePorts;
  await shapeKeys(payments, look, ports, new AbortController().signal);
  return shaped as ShapedKeys;
}

it('keys are each number once, in order, however it is written; what is none stays, to be refused', async () => {
  const csv = ['10', '0000000009', '9', '-3', '18446744073709551615', 'x'].map((id) => `"${id}","A",1\n`).join('');
  const keys = await shape(lookAt(await resultOf(`${csv},"B",1\n`)));
  const found = (await Array.fromAsync(readKeys(keys, objects))).flat();
  expect(found).toEqual(['-3', '9', '10', '18446744073709551615', 'x']);
});

it('keys are those of the results that they were shaped from, and of no others', async () => {
  const [before, after] = [await resultOf('"1","A",1\n'), await resultOf('"1","A",1\n"2","B",1\n')];
  const keys = await shape(lookAt(before));
  expect(hasKeys(payments, lookAt(before))).toBe(false);
  expect(hasKeys(payments, lookAt(before, keys))).toBe(true);
  expect(hasKeys(payments, lookAt(after, keys))).toBe(false);
});
