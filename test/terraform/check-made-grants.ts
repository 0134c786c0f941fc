import type { System } from './made.ts';
import { grantsMade, type MadeGrant } from './made-grants.ts';
import { type Settings, settingsOf, tables } from './settings.ts';

const NUMBER = '123456789012';

/**
 * Finds the differences between the grants and the page, line by line. Each line is expanded to all the grants that it
 * stands for.
 */
export function madeGrantFaults(system: System, page: string): string[] {
  const settings = settingsOf(system);
  const granted = grantsMade(system).map(text);
  const told = rowsOf(page, 4)
    .filter(([, , , what = '']) => isThere(what, system, settings))
    .flatMap(([who = '', resource = '', role = '']) => expand(who, resource, role, system, settings))
    .map((grant) => text({ ...grant, only: conditionOf(grant, page, settings) }));
  return [
    ...granted.filter((grant) => !told.includes(grant)).map((grant) => `not in the page: ${grant}`),
    ...told.filter((grant) => !granted.includes(grant)).map((grant) => `in the page alone: ${grant}`),
    ...granted.filter((grant, at) => granted.indexOf(grant) < at).map((grant) => `made twice: ${grant}`),
    ...roleFaults(system, page),
  ];
}

const text = ({ principal, resource, role, only }: MadeGrant) =>
  `${principal}: ${role} on ${resource}${only ? ` if ${only}` : ''}`;

/** Returns a table's rows: the table of rights has four columns, that of conditions three, and that of roles two. */
const rowsOf = (page: string, columns: number): string[][] =>
  [...page.matchAll(/^\| (?!who |role |---)(.+) \|$/gm)]
    .map(([, row = '']) => row.split(/ (?<!\\)\| /).map((cell) => cell.replace(/^`([^`]*)`$/, '$1')))
    .filter((cells) => cells.length === columns);

/** Whether a line of the page applies to this system, according to its statement of when it does. */
function isThere(what: string, { made }: System, { records, access, network, project }: Settings): boolean {
  const isOpen = made.some(({ values }) => values.invoker_iam_disabled === true);
  return [
    !/if it is Firestore/.test(what) || !records,
    !/if it is MySQL/.test(what) || Boolean(records),
    !/network that another project shares/.test(what) || !String(network.subnetwork).startsWith(`projects/${project}/`),
    !/only in the mode `iap`/.test(what) || access.mode === 'iap',
    !/IAP's agent, or the portal/.test(what) || access.mode !== 'everyone' || !isOpen,
  ].every(Boolean);
}

type Named = Omit<MadeGrant, 'only'>;

/**
 * Returns the grants that a line stands for: for the function of each table, those on its own resource; otherwise one
 * for each instance of the resource.
 */
function expand(who: string, resource: string, role: string, system: System, settings: Settings): Named[] {
  return principalsOf(who, system, settings).flatMap((principal) =>
    resourcesOf(resource, principal, system, settings).map((named) => ({ principal, resource: named, role })),
  );
}

function principalsOf(who: string, { made }: System, { access }: Settings): readonly string[] {
  const agent = (name: string) => `serviceAccount:service-${NUMBER}@${name}.iam.gserviceaccount.com`;
  const others: Readonly<Record<string, readonly string[]>> = {
    'Pub/Sub’s agent': [agent('gcp-sa-pubsub')],
    'Cloud Run’s agent': [agent('serverless-robot-prod')],
    'the members of `access`': access.members,
    'whom `access` lets in': access.mode === 'iap' ? [agent('gcp-sa-iap')] : ['allUsers'],
  };
  const account = `google_service_account.${who.replace('the ', '')}`;
  if (made.some(({ address }) => address === account)) return [account];
  if (who === 'query-table') return Object.keys(tables).map((table) => `module.query_table["${table}"]`);
  return others[who] ?? [`module.${who.replace('-', '_')}`];
}

function resourcesOf(
  resource: string,
  principal: string,
  { made }: System,
  { project, databases, records, network }: Settings,
): string[] {
  if (resource.startsWith('the project')) return [project];
  if (resource === 'var.network') return [String(network.subnetwork)];
  const table = /\["(.+)"\]/.exec(principal)?.[1] ?? '';
  if (resource === 'its Cloud SQL instances') {
    const instances = [databases[tables[table]?.database ?? '']?.cloud_sql_instance, records?.cloud_sql_instance];
    return instances.flatMap((instance) => instance?.split(':')[0] ?? []);
  }
  const own = table ? `${resource}["${table}"]` : '';
  const addresses = made
    .map(({ address }) => address.replace(/(module\..+)\.google_cloud_run_v2_service\.this$/, '$1'))
    .filter((address) => address === resource || address.replace(/\[[^\]]*\]$/, '') === resource);
  return addresses.includes(own) ? [own] : addresses;
}

/** Returns the condition that narrows a grant according to the page's second table. */
function conditionOf(
  { principal, resource, role }: Named,
  page: string,
  { project, bucket, databases, records }: Settings,
): string {
  const name = principal.replace(/^module\.(\w+).*$/, '$1').replace('_', '-');
  const found = rowsOf(page, 3).find(
    ([who = '', of]) => of === role && (who === 'all' || who.split(', ').includes(name)),
  );
  const instances = [...Object.values(databases), records].flatMap((database) => database?.cloud_sql_instance ?? []);
  const instance = instances.find((one) => one.startsWith(`${resource}:`)) ?? '';
  return (found?.[2] ?? '')
    .replaceAll('\\|', '|')
    .replaceAll('PROJECT', role === 'roles/cloudsql.client' ? resource : project)
    .replaceAll('BUCKET', bucket)
    .replaceAll('INSTANCE', instance.split(':')[2] ?? '');
}

/** Finds the custom roles whose permissions differ from the page. */
function roleFaults({ made }: System, page: string): string[] {
  const roles = made.filter(({ type }) => type === 'google_project_iam_custom_role');
  const told = new Map(rowsOf(page, 2).map(([role = '', permissions = '']) => [role, permissions.replaceAll('`', '')]));
  const has = new Map(roles.map(({ address, values }) => [address, (values.permissions as string[]).join(', ')]));
  return [...new Set([...told.keys(), ...has.keys()])]
    .filter((role) => told.get(role) !== has.get(role))
    .map((role) => `${role}: permits ${has.get(role)}, the page says ${told.get(role)}`);
}
