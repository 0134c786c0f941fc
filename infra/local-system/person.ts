import type { Person } from '../../shared/domain/rights.ts';

/** A person of the local system. Without `roles` they have none; without `source` they come from the admin portal. */
export type LocalPerson = Pick<Person, 'adminId' | 'departmentId'> & Partial<Pick<Person, 'roles' | 'source'>>;

/** The claims of a person's token, as the local functions expect them. */
export const claimsOf = ({ adminId, departmentId, roles = [], source = 'admin-portal' }: LocalPerson) => ({
  sub: adminId,
  department: departmentId,
  roles,
  azp: source,
});
