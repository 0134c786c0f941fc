import type { Body } from './configuration.ts';
import { type Settings, tables } from './settings.ts';

const TRAFFIC = { internal: 'INGRESS_TRAFFIC_INTERNAL_ONLY', balanced: 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER' };

interface Service {
  readonly address: string;
  readonly name: string;
  readonly ingress: keyof typeof TRAFFIC;
  readonly audience: string;
  readonly concurrency: number;
  readonly most: number;
  readonly timeout: string;
  readonly cpu: string;
  readonly memory: string;
  readonly instances: readonly (string | undefined)[];
}

/** Returns how each function runs. */
export function services({ url, origin, most, databases, records, join: { memory } }: Settings): Service[] {
  const common = { cpu: '1', memory: '512Mi', instances: [records?.cloud_sql_instance] };
  const own = (name: string) => ({ ...common, name, address: `module.${name.replace('-', '_')}` });
  const opened = (name: string) => ({ ...own(name), ingress: 'balanced' as const, audience: origin });
  const closed = (name: string) => ({ ...own(name), ingress: 'internal' as const, audience: url(name) });
  return [
    { ...opened('create-report'), concurrency: 40, most: most.create_report, timeout: '60s' },
    { ...opened('download-center'), concurrency: 200, most: most.download_center, timeout: '330s' },
    { ...closed('aggregate'), concurrency: 1, most: most.aggregate, timeout: '1800s', cpu: '2', memory },
    { ...closed('notify'), concurrency: 40, most: most.notify, timeout: '60s', instances: [] },
    { ...closed('sweep'), concurrency: 1, most: 2, timeout: '120s' },
    ...Object.entries(tables).map(([table, { database, resource, queries }]) => {
      const { connection_limit: limit = 0, cloud_sql_instance: instance } = databases[database] ?? {};
      const sharing = Object.values(tables).filter((other) => other.database === database).length;
      return {
        ...closed(`query-${resource}`),
        address: `module.query_table["${table}"]`,
        concurrency: 1,
        most: Math.floor(limit / sharing / (2 * queries * 2)),
        timeout: '600s',
        instances: [instance, records?.cloud_sql_instance],
      };
    }),
  ];
}

/** Returns the expected arguments of each function's service. */
export function expectedServices(settings: Settings): Record<string, Body> {
  return Object.fromEntries(
    services(settings).map(({ address, name, cpu, memory, ...service }) => {
      const instances = service.instances.filter((instance) => instance !== undefined);
      const isReached = instances.length > 0;
      return [
        `${address}.google_cloud_run_v2_service.this`,
        {
          name,
          deletion_protection: false,
          ingress: TRAFFIC[service.ingress],
          custom_audiences: [service.audience],
          template: [
            {
              timeout: service.timeout,
              max_instance_request_concurrency: service.concurrency,
              scaling: [{ max_instance_count: service.most, min_instance_count: null }],
              containers: [
                {
                  resources: [{ limits: { cpu, memory }, cpu_idle: true, startup_cpu_boost: true }],
                  volume_mounts: isReached ? [{ name: 'cloudsql', mount_path: '/cloudsql' }] : [],
                },
              ],
              volumes: isReached ? [{ name: 'cloudsql', cloud_sql_instance: [{ instances }] }] : [],
              vpc_access: [{ egress: 'PRIVATE_RANGES_ONLY', network_interfaces: [settings.network] }],
            },
          ],
        },
      ];
    }),
  );
}
