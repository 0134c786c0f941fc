/** Somebody at the local system. */
export interface Person {
  adminId: string;
  departmentId: string;
  roles?: string[];
  /** The admin system that they come from. */
  source?: string;
}

/** The claims of a person's token, as the local functions expect them. */
export const claimsOf = ({ adminId, departmentId, roles = [], source = 'admin-portal' }: Person) => ({
  sub: adminId,
  department: departmentId,
  roles,
  azp: source,
});
