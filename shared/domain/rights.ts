import type { FileDownloadRecord } from './record.ts';

/** Who asks, as a verified token says. */
export interface Person {
  adminId: string;
  departmentId: string;
  roles: readonly string[];
  /** The admin system through which they ask. */
  source: string;
}

/** Whose records: one's own, those of one's department, everybody's. */
export const SCOPES = ['own', 'department', 'all'] as const;
export type Scope = (typeof SCOPES)[number];

/** The roles that widen what a person may read; nobody but its owner may change a record. */
const ROLE_OF: Record<Exclude<Scope, 'own'>, string> = {
  department: 'downloads.department',
  all: 'downloads.all',
};

/** Who may run a report and see its records: whoever has one of the roles, or is of one of the departments. */
export interface AllowList {
  readonly roles?: readonly string[];
  readonly departments?: readonly string[];
}

/** What a report says about who may see what of it. */
export interface Restrictions {
  /** Absent: everybody. */
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

/** The sensitive columns that this person gets masked, sorted. */
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
 * Whether a person sees that the record exists. Of a report that is gone, and its restrictions with it, only the owner does.
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

/** The roles that see each sensitive column in clear, of every table that there is: by table, then by `<table>.<column>`. */
export type TableRestrictions = ReadonlyMap<string, Pick<Restrictions, 'clearFor'>>;

/**
 * Whether the record's file shows this person, with the rights that they have now, nothing that they may not see. It goes by the tables that were read, since the report may have been
 * changed; a table that is gone might have held anything.
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
