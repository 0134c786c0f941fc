import type { Body } from './configuration.ts';
import type { Made, System } from './made.ts';
import { NAMES } from './stand-in.ts';

/** A role of a single principal on a single resource. */
export interface MadeGrant {
  /**
   * A function, e.g. `module.query_table["plt_fund.vs_withdraw"]`; a service account that Terraform creates; or the
   * member as it is written.
   */
  readonly principal: string;
  readonly resource: string;
  readonly role: string;
  /** The expression of the condition. */
  readonly only: string | undefined;
}

/** The argument that names the resource of a grant, and the resource's type, by the grant's type. */
const TARGET: Readonly<Record<string, readonly [argument: string, type: string]>> = {
  google_cloud_run_v2_service_iam_member: ['name', 'google_cloud_run_v2_service'],
  google_cloud_tasks_queue_iam_member: ['name', 'google_cloud_tasks_queue'],
  google_compute_subnetwork_iam_member: ['subnetwork', 'google_compute_subnetwork'],
  google_iap_web_backend_service_iam_member: ['web_backend_service', 'google_compute_backend_service'],
  google_pubsub_subscription_iam_member: ['subscription', 'google_pubsub_subscription'],
  google_pubsub_topic_iam_member: ['topic', 'google_pubsub_topic'],
  google_secret_manager_secret_iam_member: ['secret_id', 'google_secret_manager_secret'],
  google_service_account_iam_member: ['service_account_id', 'google_service_account'],
  google_storage_bucket_iam_member: ['bucket', 'google_storage_bucket'],
};

/** Returns every grant that Terraform creates, in all modules. */
export function grantsMade({ made }: System): MadeGrant[] {
  return made
    .filter(({ type }) => /_iam_(member|binding|policy)$/.test(type))
    .map(({ type, values }) => {
      const [argument, of] = TARGET[type] ?? ['project', 'google_project'];
      return {
        principal: principalOf(String(values.member), made),
        resource: resourceOf(String(values[argument]), of, made),
        role: `${type.endsWith('_member') ? '' : 'instead of all others '}${values.role}`,
        only: (values.condition as Body[] | undefined)?.map(({ expression }) => String(expression)).join(),
      };
    });
}

const principalOf = (member: string, made: readonly Made[]): string => {
  const account = made.find(
    ({ type, values }) =>
      type === 'google_service_account' &&
      member === `serviceAccount:${values.account_id}@${values.project}.iam.gserviceaccount.com`,
  );
  return account ? withoutOwn(account.address) : member;
};

const resourceOf = (named: string, of: string, made: readonly Made[]): string => {
  const resource = made.find(
    ({ type, address, values }) =>
      type === of && (address === named.replace(/\.name$/, '') || NAMES.some((name) => values[name] === named)),
  );
  return resource ? withoutOwn(resource.address) : named;
};

/** Replaces the address of a function's service or account with that of the function. */
const withoutOwn = (address: string) =>
  address.replace(/^(module\..+)\.google_(service_account|cloud_run_v2_service)\.this$/, '$1');

/** Returns the email addresses of the accounts that may call a service. */
export function callersOf(system: System, service: string): string[] {
  const called = system.made.find(
    ({ type, values }) => type === 'google_cloud_run_v2_service' && values.name === service,
  );
  const calls = grantsMade(system).filter(
    ({ resource, role }) => role === 'roles/run.invoker' && called && resource === withoutOwn(called.address),
  );
  return calls.map(({ principal }) => {
    const account = system.made.find(({ address }) => address === principal)?.values;
    return account ? `${account.account_id}@${account.project}.iam.gserviceaccount.com` : principal;
  });
}
