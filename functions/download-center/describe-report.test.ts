import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineReport } from '../../shared/catalogue/define-report.ts';
import { withdrawalsByUserTag } from '../../shared/reports/withdrawals-by-user-tag.ts';
import { admin } from '../../shared/tables/admin.ts';
import { describeReport } from './describe-report.ts';

const person = { adminId: '7', departmentId: '3', roles: ['risk-control'], source: 'portal' };
const names = { en: 'Admins', 'zh-TW': '管理員', 'zh-CN': '管理员' };

it('a report is described by what a person may ask of it and will get', () => {
  const report = defineReport({
    id: 'admins',
    version: 3,
    title: names,
    conditions: z.object({ departmentIds: z.array(z.int().positive()).min(1), top: z.int().default(10) }),
    example: { departmentIds: [1] },
    stages: [{ admins: { table: admin, query: (rows) => rows.select('name') } }],
    join: 'SELECT name FROM admins',
    columns: { name: { ...names, guard: false } },
    reuseForSeconds: 60,
  });
  const description = describeReport(report, person);
  expect(description).toMatchObject({
    id: 'admins',
    version: 3,
    title: names,
    formats: ['csv'],
    example: { departmentIds: [1] },
    columns: [{ name: 'name', title: names }],
    tables: [{ name: 'plt_account.vs_admin', title: names }],
    reuseForSeconds: 60,
    conditions: {
      type: 'object',
      properties: {
        departmentIds: { type: 'array', minItems: 1, items: { type: 'integer', exclusiveMinimum: 0 } },
        top: { type: 'integer', default: 10 },
      },
      // A condition with a default is not required.
      required: ['departmentIds'],
      additionalProperties: false,
    },
  });
  // The description does not reveal how the report is made.
  expect(JSON.stringify(description)).not.toMatch(/select|guard/i);
});

it('a condition by which a person may not search is not offered to them', () => {
  const offered = (roles: string[]) =>
    Object.keys(describeReport(withdrawalsByUserTag, { ...person, roles }).conditions.properties);
  expect(offered(['risk-control'])).toContain('phone');
  expect(offered([])).toEqual(offered(['risk-control']).filter((name) => name !== 'phone'));
});
