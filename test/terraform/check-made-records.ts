import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../infra/setup/local-folder.ts';
import type { Body } from './configuration.ts';
import type { System } from './made.ts';
import { settingsOf, tables } from './settings.ts';

interface Indexes {
  readonly indexes: readonly {
    collectionGroup: string;
    queryScope: string;
    fields: readonly { fieldPath: string; order: string }[];
  }[];
  readonly fieldOverrides: readonly { collectionGroup: string; fieldPath: string; ttl?: boolean }[];
}
const wanted: Indexes = JSON.parse(readFileSync(join(projectRoot, 'infra/schemas/firestore.indexes.json'), 'utf8'));

/**
 * Finds the differences between Firestore's indexes and TTL policies and those that the emulator is tested with.
 * Without Firestore, there should be none.
 */
export function indexFaults(system: System): string[] {
  const of = (type: string) => system.made.filter((resource) => resource.type === type).map(({ values }) => values);
  const made = [
    ...of('google_firestore_index').map(
      ({ collection, query_scope: scope, fields }) =>
        `index of ${collection} by ${scope}: ${(fields as Body[]).map(({ field_path: field, order }) => `${field} ${order}`).join(', ')}`,
    ),
    ...of('google_firestore_field').map(
      ({ collection, field, ttl_config: ttl, index_config: index }) =>
        `${(ttl as Body[]).length > 0 ? 'time to live' : 'no index'} of ${collection}.${field}${Object.keys((index as Body[])[0] ?? {})}`,
    ),
  ];
  const told = settingsOf(system).records
    ? []
    : [
        ...wanted.indexes.map(
          ({ collectionGroup, queryScope, fields }) =>
            `index of ${collectionGroup} by ${queryScope}: ${fields.map(({ fieldPath, order }) => `${fieldPath} ${order}`).join(', ')}`,
        ),
        ...wanted.fieldOverrides.map(
          ({ collectionGroup, fieldPath, ttl }) =>
            `${ttl ? 'time to live' : 'no index'} of ${collectionGroup}.${fieldPath}`,
        ),
      ];
  return [
    ...told.filter((line) => !made.includes(line)).map((line) => `lacks: ${line}`),
    ...made.filter((line) => !told.includes(line)).map((line) => `has besides: ${line}`),
  ];
}

/** The connections of a pool, per instance; see shared/adapters/mysql-record-store/record-pool.ts. */
const POOL = 2;

/**
 * Finds the databases to which the services, as created, could open more connections than the database's limit, and the
 * numbers of connections that differ from Terraform's outputs.
 */
export function connectionFaults(system: System): string[] {
  const { databases, records } = settingsOf(system);
  const deployed = system.made
    .filter(({ type }) => type === 'google_cloud_run_v2_service')
    .map(({ address, values }) => ({ address, ...sizeOf(values) }));
  const ofTables = deployed.flatMap(({ address, instances, concurrency }) => {
    const [, table = ''] = /^module\.query_table\["(.+)"\]/.exec(address) ?? [];
    const declared = tables[table];
    return declared ? [{ table, ...declared, most: 2 * instances * concurrency * declared.queries * 2 }] : [];
  });
  const ofRecords = records
    ? sum(deployed.filter(({ keeps }) => keeps).map(({ instances }) => 2 * instances * POOL))
    : 0;
  const told = (system.told.max_user_connections ?? {}) as Body;
  return [
    ...Object.entries(databases).flatMap(([database, { connection_limit: limit }]) => {
      const all = sum(ofTables.filter((one) => one.database === database).map(({ most }) => most));
      return all > 0 && all <= limit ? [] : [`${database}: up to ${all} connections, and its limit is ${limit}`];
    }),
    ...ofTables
      .filter(({ table, most }) => told[table] !== most)
      .map(({ table, most }) => `${table}: up to ${most} connections, and ${told[table]} are told`),
    ...(ofRecords <= (records?.connection_limit ?? 0) ? [] : [`the records: up to ${ofRecords} connections`]),
    ...(ofRecords === system.told.record_connections
      ? []
      : [`the records: up to ${ofRecords} connections, and ${system.told.record_connections} are told`]),
  ];
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

function sizeOf({ template }: Body) {
  const [{ scaling = [], max_instance_request_concurrency: concurrency, containers = [] } = {}] = template as {
    scaling?: Body[];
    max_instance_request_concurrency?: number;
    containers?: { env: Body[] }[];
  }[];
  return {
    instances: Number(scaling[0]?.max_instance_count ?? Number.POSITIVE_INFINITY),
    concurrency: Number(concurrency),
    keeps: containers.some(({ env }) => env.some(({ name }) => name === 'RECORD_STORE')),
  };
}
