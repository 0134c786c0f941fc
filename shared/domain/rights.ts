import type { FileDownloadRecord } from './record.ts';

/** The person who asks, as stated by a verified token. */
export interface Person {
  adminId: string;
  departmentId: string;
  roles: readonly string[];
  /** The admin system through which the person asks. */
  source: string;
}

/** Whose records: the person's own, those of the person's department, or everyone's. */
export const SCOPES = ['own', 'department', 'all'] as const;
export type Scope = (typeof SCOPES)[number];

/** The roles that extend what a person may read. Only the owner of a record may change it. */
const ROLE_OF: Record<Exclude<Scope, 'own'>, string> = {
  department: 'downloads.department',
  all: 'downloads.all',
};

/** Who may run a report and see its records: people with one of the roles or in one of the departments. */
export interface AllowList {
  readonly roles?: readonly string[];
  readonly departments?: readonly string[];
}

/** A report's rules about who may see which parts of it. */
export interface Restrictions {
  /** Absent: everyone. */
  readonly allowed?: AllowList;
  /** Roles that see a sensitive column in clear, by `<table>.<column>`. */
  readonly clearFor: Readonly<Record<string, readonly string[]>>;
}

export function scopesOf({ roles }: Person): Scope[] {
  return SCOPES.filter((scope) => scope === 'own' || roles.includes(ROLE_OF[scope]));
}

export function mayAsk({ roles, departmentId }: Person, { allowed }: Restrictions): boolean {
  if (!allowed) return true;
  const { roles: named = [], departments = [] } = allowed;
  return departments.includes(departmentId) || named.some((role) => roles.includes(role));
}

/** Returns the sensitive columns that are masked for this person, sorted. */
export function maskedFor({ roles }: Person, { clearFor }: Pick<Restrictions, 'clearFor'>): string[] {
  return Object.keys(clearFor)
    .filter((column) => !clearFor[column]?.some((role) => roles.includes(role)))
    .sort();
}

type Owned = Pick<FileDownloadRecord, 'source' | 'adminId' | 'departmentId'>;

export function isOwn(person: Person, record: Owned): boolean {
  return record.source === person.source && record.adminId === person.adminId;
}

/**
 * Returns whether a person may see that the record exists. If the report no longer exists, and its restrictions with
 * it, only the owner may.
 */
export function mayRead(person: Person, record: Owned, restrictions: Restrictions | undefined): boolean {
  if (!restrictions) return isOwn(person, record);
  if (record.source !== person.source || !mayAsk(person, restrictions)) return false;
  const scopes = scopesOf(person);
  return (
    isOwn(person, record) ||
    scopes.includes('all') ||
    (scopes.includes('department') && record.departmentId === person.departmentId)
  );
}

/**
 * The roles that see each sensitive column in clear, for every existing table: by table, then by `<table>.<column>`.
 */
export type TableRestrictions = ReadonlyMap<string, Pick<Restrictions, 'clearFor'>>;

/**
 * Returns whether everything that the record's file shows is something that this person, with the person's current
 * rights, may see. The check uses the tables that were read, because the report may have been changed. A table that no
 * longer exists might have held anything, so the result is then false.
 */
export function mayOpen(
  person: Person,
  { masked, sources }: Pick<FileDownloadRecord, 'masked' | 'sources'>,
  tables: TableRestrictions,
): boolean {
  return Object.values(sources).every(({ table }) => {
    const restrictions = tables.get(table);
    return restrictions !== undefined && maskedFor(person, restrictions).every((column) => masked.includes(column));
  });
}
