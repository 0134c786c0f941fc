import { type Planted, SYSTEM } from './configuration.ts';

const at = (name: string) => `${SYSTEM}/${name}.tf`;
const SERVICE = 'terraform/modules/cloud-run-function/main.tf';

/** Faults that would stay unnoticed until something is missing or exposed, by the name of the check. */
export const plantedInMeaning: Readonly<Record<string, readonly Planted[]>> = {
  'every topic, subscription, queue and schedule is as the local system’s': [
    {
      file: at('pubsub'),
      from: 'events = "report-events" }',
      to: 'events = "report-event" }',
      fault: 'lacks: topic report-events',
    },
    { file: at('pubsub'), from: '-dead-kept', to: '-dead', fault: 'lacks: subscription report-queries-dead-kept' },
    {
      file: at('pubsub'),
      from: 'attributes:\\"',
      to: 'attributes.\\"',
      fault: 'lacks: subscription query-plt_fund.vs_withdraw-v1',
    },
    {
      file: at('pubsub'),
      from: 'max_delivery_attempts = 100',
      to: 'max_delivery_attempts = 5',
      fault: 'lacks: subscription notify',
    },
    {
      file: at('pubsub'),
      from: 'audience              = local.urls["notify"]',
      to: 'audience = local.urls["sweep"]',
      fault: 'lacks: subscription notify',
    },
    { file: at('tasks'), from: 'report-aggregate', to: 'aggregate', fault: 'lacks: queue report-aggregate' },
    { file: at('tasks'), from: '86400s', to: '3600s', fault: 'lacks: queue report-webhooks' },
    { file: at('scheduler'), from: '"* * * * *"', to: '"0 * * * *"', fault: 'lacks: schedule' },
  ],
  'a bootstrap deploys the functions, has the secrets filled and enables the APIs that there are': [
    { file: at('functions'), from: '= "sweep"', to: '= "sweeper"', fault: 'sweeper: is not deployed' },
    { file: at('functions'), from: '= "sweep"', to: '= "sweeper"', fault: 'sweep: is deployed, and not there' },
    {
      file: at('query-tables'),
      from: '= "query-',
      to: '= "table-',
      fault: 'table-plt-fund-vs-withdraw: is not deployed',
    },
    { file: at('secrets'), from: '"webhook-endpoints"', to: '"webhooks"', fault: 'webhooks: is not filled' },
    {
      file: at('secrets'),
      from: '"table-database-url-',
      to: '"table-url-',
      fault: 'table-database-url-plt-fund-vs-withdraw: is filled, and not there',
    },
    {
      file: at('secrets'),
      from: 'secret" "webhook_endpoints"',
      to: 'secret" "webhooks"',
      fault: 'webhooks: is not made first',
    },
    {
      file: at('outputs'),
      from: 'google_secret_manager_secret.record_database_url[*].secret_id,',
      to: '',
      fault: 'record_database_url: is not in the output',
    },
    {
      file: at('redis'),
      from: 'google_secret_manager_secret_version" "redis_ca"',
      to: 'google_secret_manager_secret_value" "redis_ca"',
      fault: 'redis_ca: is not made first',
    },
    {
      file: at('services'),
      from: '"storage.googleapis.com"',
      to: '"translate.googleapis.com"',
      fault: 'translate.googleapis.com: is not enabled',
    },
    {
      file: at('services'),
      from: '    "redis.googleapis.com",\n',
      to: '',
      fault: 'redis.googleapis.com: is wanted, and not there',
    },
    {
      file: at('services'),
      from: '    "sqladmin.googleapis.com",\n',
      to: '',
      fault: 'sqladmin.googleapis.com: is enabled, and not there',
    },
  ],
  'what is stored is removed in the end, and closed to the public': [
    { file: at('storage'), from: '["parts/"]', to: '["part/"]', fault: 'nothing removes parts/' },
    { file: at('storage'), from: '["reports/"]', to: '["files/"]', fault: 'nothing removes reports/' },
    { file: at('storage'), from: 'AbortIncompleteMultipartUpload', to: 'Delete', fault: 'unfinished uploads stay' },
    { file: at('storage'), from: '"enforced"', to: '"inherited"', fault: 'is not closed' },
    { file: at('storage'), from: 'level_access = true', to: 'level_access = false', fault: 'is not closed' },
  ],
  'what an instance is told of itself is what it is': [
    {
      file: at('functions'),
      from: 'memory        = local.instance.aggregate.memory',
      to: 'memory        = "4Gi"',
      fault: 'aggregate: is told of another instance than it gets',
    },
    {
      file: at('query-tables'),
      from: 'INSTANCE_CPU      = local.instance.query_table.cpu',
      to: 'INSTANCE_CPU      = local.instance.aggregate.cpu',
      fault: 'query_table: is told of another instance than it gets',
    },
  ],
  'the origin is divided as the local one': [
    {
      file: at('load-balancer'),
      from: '/v1/downloads:check',
      to: '/v1/downloads/check',
      fault: 'POST /v1/downloads:check: to download-center',
    },
    { file: at('load-balancer'), from: '/*:retry', to: '/*', fault: ':cancel: to create-report' },
    {
      file: at('load-balancer'),
      from: 'exact_match = "POST"',
      to: 'exact_match = "GET"',
      fault: 'GET /v1/downloads: to create-report',
    },
    {
      file: at('load-balancer'),
      from: 'full_path_match = "/v1/downloads"',
      to: 'path_template_match = "/v1/*"',
      fault: 'POST /v1/session: to create-report',
    },
  ],
  'the grants are those of docs/iam.md, and none is wide': [
    {
      file: at('storage'),
      from: 'member = module.aggregate.member',
      to: 'member = "allUsers"',
      fault: 'not in the page: allUsers: roles/storage.objectViewer',
    },
    {
      file: SERVICE,
      from: 'roles/secretmanager.secretAccessor',
      to: 'roles/secretmanager.viewer',
      fault: 'in another module: google_service_account.this.member: roles/secretmanager.viewer',
    },
    {
      file: at('storage'),
      from: 'roles/storage.objectViewer',
      to: 'roles/storage.objectUser',
      fault: 'not in the page: create-report: roles/storage.objectUser',
    },
    {
      file: at('storage'),
      from: 'roles/storage.objectViewer',
      to: 'roles/storage.objectUser',
      fault: 'in the page alone: create-report: roles/storage.objectViewer',
    },
    {
      file: at('storage'),
      from: 'roles/storage.objectCreator',
      to: 'roles/storage.admin',
      fault: 'roles/storage.admin is too much',
    },
    {
      file: at('tasks'),
      from: 'google_cloud_tasks_queue_iam_member" "enq',
      to: 'google_cloud_tasks_queue_iam_binding" "enq',
      fault: 'takes rights from others',
    },
    {
      file: SERVICE,
      from: '  condition {',
      to: '  narrowed {',
      fault: 'is to the whole project',
    },
    {
      file: at('tracing'),
      from: 'roles/telemetry.tracesWriter',
      to: 'roles/cloudtrace.agent',
      fault: 'sends_traces: is to the whole project',
    },
    {
      file: at('functions'),
      from: 'secrets = { WEBHOOK',
      to: 'secrets = { X = google_secret_manager_secret.redis_url.id, WEBHOOK',
      fault: 'not in the page: notify',
    },
  ],
  'each function is granted what its calls need, and no more': [
    {
      file: at('pubsub'),
      from: '    sweep         = module.sweep.member\n',
      to: '',
      fault: 'not granted: sweep: roles/pubsub.publisher',
    },
    {
      file: at('pubsub'),
      from: '    sweep         = module.sweep.member\n',
      to: '    sweep         = module.sweep.member\n notify = module.notify.member\n',
      fault: 'not needed: notify: roles/pubsub.publisher',
    },
    {
      file: at('iam'),
      from: 'role               = google_project_iam_custom_role.signer.id',
      to: 'role               = "roles/iam.serviceAccountTokenCreator"',
      fault: 'not granted: download-center: google_project_iam_custom_role.signer',
    },
    {
      file: at('tracing'),
      from: '    notify        = module.notify.member\n',
      to: '    download-center = module.download_center.member\n',
      fault: 'not granted: notify: roles/telemetry.tracesWriter on the project',
    },
    {
      file: at('tracing'),
      from: '    notify        = module.notify.member\n',
      to: '    download-center = module.download_center.member\n',
      fault: 'not needed: download-center: roles/telemetry.tracesWriter on the project',
    },
    {
      file: at('storage'),
      from: 'member = module.sweep.member',
      to: 'member = module.notify.member',
      fault: 'not granted: sweep: google_project_iam_custom_role.object_remover',
    },
  ],
  'every alert has its section in docs/runbook.md': [
    { file: at('monitoring'), from: '"Given up"', to: '"Let go"', fault: 'docs/runbook.md has no section ‘Let go’' },
    { file: at('monitoring'), from: '"Given up"', to: '"Let go"', fault: 'no alert is called ‘Given up’' },
    { file: at('monitoring'), from: 'What to do: ${', to: 'See: ${', fault: 'this: does not lead to its section' },
  ],
};
