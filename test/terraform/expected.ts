import type { Body } from './configuration.ts';
import { expectedServices, services } from './expected-services.ts';
import { type Settings, tables } from './settings.ts';

/**
 * Returns the arguments that resources should have, by address; they may have others. `null` means that a resource
 * should not have the argument.
 */
export function expectedResources(settings: Settings, callerOf: (service: string) => string): Record<string, Body> {
  const { region, url, domain, bucket, days, most, network } = settings;
  const token = (service: string) => ({ audience: url(service), service_account_email: callerOf(service) });
  const push = (service: string) => [{ push_endpoint: url(service), oidc_token: [token(service)] }];
  const lasting = { expiration_policy: [{ ttl: '' }] };
  const topic = (name: string, key: string) => `google_pubsub_topic.${name}["${key}"]`;
  const to = (name: string) => `google_compute_backend_service.public["${name}"]`;
  const rule = (name: string) => ({
    load_balancing_scheme: 'EXTERNAL_MANAGED',
    ip_address: 'google_compute_global_address.public',
    target: name,
  });
  const each = <Key extends string>(keys: readonly Key[], of: (key: Key) => [string, Body][]) =>
    Object.fromEntries(keys.flatMap(of));
  return {
    ...each(['queries', 'events'], (key) => [
      [topic('this', key), { name: `report-${key}` }],
      [topic('dead', key), { name: `report-${key}-dead` }],
      [
        `google_pubsub_subscription.dead_kept["${key}"]`,
        { ...lasting, topic: topic('dead', key), message_retention_duration: '2678400s', push_config: null },
      ],
    ]),
    ...each(Object.keys(tables), (table) => {
      const resource = tables[table]?.resource;
      return [
        [
          `google_pubsub_subscription.query_table["${table}"]`,
          {
            ...lasting,
            topic: topic('this', 'queries'),
            push_config: push(`query-${resource}`),
            dead_letter_policy: [{ dead_letter_topic: topic('dead', 'queries') }],
          },
        ],
        [
          `google_secret_manager_secret.table_database_url["${table}"]`,
          { secret_id: `table-database-url-${resource}` },
        ],
      ];
    }),
    'google_pubsub_subscription.notify': {
      ...lasting,
      topic: topic('this', 'events'),
      push_config: push('notify'),
      dead_letter_policy: [{ dead_letter_topic: topic('dead', 'events') }],
    },
    'google_cloud_tasks_queue.aggregate': {
      name: 'report-aggregate',
      desired_state: null,
      rate_limits: [{ max_concurrent_dispatches: most.aggregate }],
    },
    'google_cloud_tasks_queue.webhooks': { name: 'report-webhooks', desired_state: null, rate_limits: null },
    'google_cloud_scheduler_job.sweep': {
      schedule: '* * * * *',
      paused: null,
      attempt_deadline: '120s',
      http_target: [{ http_method: 'POST', uri: url('sweep'), oidc_token: [token('sweep')] }],
    },
    'google_storage_bucket.files': {
      name: bucket,
      uniform_bucket_level_access: true,
      public_access_prevention: 'enforced',
      soft_delete_policy: [{ retention_duration_seconds: 0 }],
      lifecycle_rule: [
        { action: [{ type: 'Delete' }], condition: [{ age: 1, matches_prefix: ['parts/'] }] },
        {
          action: [{ type: 'Delete' }],
          condition: [{ age: Math.ceil(days.file_days) + 1, matches_prefix: ['reports/'] }],
        },
        { action: [{ type: 'AbortIncompleteMultipartUpload' }], condition: [{ age: 1 }] },
      ],
    },
    'google_redis_instance.fan_in': {
      tier: settings.tier,
      memory_size_gb: 1,
      auth_enabled: true,
      transit_encryption_mode: 'SERVER_AUTHENTICATION',
      connect_mode: 'PRIVATE_SERVICE_ACCESS',
      authorized_network: network.network,
      redis_configs: { 'maxmemory-policy': 'noeviction' },
    },
    'google_secret_manager_secret.redis_url': { secret_id: 'redis-url' },
    'google_secret_manager_secret.redis_ca': { secret_id: 'redis-ca' },
    'google_secret_manager_secret.webhook_endpoints': { secret_id: 'webhook-endpoints' },
    'google_secret_manager_secret_version.redis_url': {
      secret: 'google_secret_manager_secret.redis_url',
      secret_data: ['rediss://:', '.auth_string@', '.host:', '.port'].join('google_redis_instance.fan_in'),
    },
    'google_secret_manager_secret_version.redis_ca': {
      secret: 'google_secret_manager_secret.redis_ca',
      secret_data: 'google_redis_instance.fan_in.server_ca_certs',
    },
    ...(settings.records
      ? { 'google_secret_manager_secret.record_database_url[0]': { secret_id: 'record-database-url' } }
      : {
          'google_firestore_database.records[0]': {
            name: '(default)',
            type: 'FIRESTORE_NATIVE',
            location_id: region,
            delete_protection_state: 'DELETE_PROTECTION_ENABLED',
            point_in_time_recovery_enablement: 'POINT_IN_TIME_RECOVERY_ENABLED',
          },
        }),
    ...each(['create-report', 'download-center'], (name) => [
      [
        `google_compute_region_network_endpoint_group.public["${name}"]`,
        { network_endpoint_type: 'SERVERLESS', cloud_run: [{ service: name }] },
      ],
      [
        to(name),
        {
          protocol: 'HTTPS',
          load_balancing_scheme: 'EXTERNAL_MANAGED',
          backend: [{ group: `google_compute_region_network_endpoint_group.public["${name}"]` }],
          iap: [{ enabled: settings.access.mode === 'iap' }],
          log_config: [{ enable: true }],
        },
      ],
    ]),
    'google_compute_url_map.public': {
      default_service: to('download-center'),
      host_rule: [{ hosts: [domain], path_matcher: 'origin' }],
      // Another check covers which requests match.
      path_matcher: [
        { name: 'origin', default_service: to('download-center'), route_rules: [{ service: to('create-report') }] },
      ],
    },
    'google_compute_url_map.redirect': { default_url_redirect: [{ https_redirect: true }] },
    'google_compute_global_address.public': {},
    'google_compute_managed_ssl_certificate.public': { managed: [{ domains: [domain] }] },
    'google_compute_ssl_policy.public': { profile: 'MODERN', min_tls_version: 'TLS_1_2' },
    'google_compute_target_https_proxy.public': {
      url_map: 'google_compute_url_map.public',
      ssl_policy: 'google_compute_ssl_policy.public',
      ssl_certificates: ['google_compute_managed_ssl_certificate.public'],
    },
    'google_compute_target_http_proxy.redirect': { url_map: 'google_compute_url_map.redirect' },
    'google_compute_global_forwarding_rule.https': {
      ...rule('google_compute_target_https_proxy.public'),
      port_range: '443',
    },
    'google_compute_global_forwarding_rule.http': {
      ...rule('google_compute_target_http_proxy.redirect'),
      port_range: '80',
    },
    'google_monitoring_dashboard.this': {},
    'module.network.google_compute_network.this': { auto_create_subnetworks: false },
    'module.network.google_compute_subnetwork.functions': { region },
    'module.network.google_compute_global_address.services': { purpose: 'VPC_PEERING', address_type: 'INTERNAL' },
    'module.network.google_service_networking_connection.services': {
      network: 'module.network.google_compute_network.this',
      reserved_peering_ranges: ['report-private-services'],
    },
    ...expectedServices(settings),
  };
}

/** Returns the expected outputs of Terraform. */
export const expectedOutputs = (settings: Settings): Body => ({
  bucket: settings.bucket,
  ip_address: 'google_compute_global_address.public.address',
  functions: Object.fromEntries(services(settings).map(({ name }) => [name, settings.url(name)])),
});
