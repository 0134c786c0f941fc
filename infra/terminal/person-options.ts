import type { LocalPerson } from '../local-system/person.ts';

/** The options that name the person for whom a command acts. */
export const personOptions = {
  admin: { type: 'string', default: '7' },
  department: { type: 'string', default: '3' },
  role: { type: 'string', multiple: true, default: [] as string[] },
} as const;

export const personOf = (values: { admin: string; department: string; role: string[] }): LocalPerson => ({
  adminId: values.admin,
  departmentId: values.department,
  roles: values.role,
});
