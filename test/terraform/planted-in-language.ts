import { type Planted, SYSTEM } from './configuration.ts';

const at = (name: string) => `${SYSTEM}/${name}.tf`;
const STAGING = 'terraform/environments/staging';
const SERVICE = 'terraform/modules/cloud-run-function/main.tf';

/** Faults that Terraform itself or the provider would detect, and faults in variables, by the name of the check. */
export const plantedInLanguage: Readonly<Record<string, readonly Planted[]>> = {
  'every resource, argument and block is in the provider’s schema': [
    {
      file: at('redis'),
      from: 'google_redis_instance" "fan_in',
      to: 'google_redis_server" "fan_in',
      fault: 'the provider has no google_redis_server',
    },
    {
      file: at('services'),
      from: 'data "google_project"',
      to: 'data "google_projekt"',
      fault: 'the provider has no data.google_projekt',
    },
    { file: at('redis'), from: 'auth_enabled', to: 'auth', fault: '.auth: there is no such argument' },
    { file: at('redis'), from: 'memory_size_gb ', to: 'size ', fault: 'lacks memory_size_gb' },
    { file: at('pubsub'), from: 'oidc_token {', to: 'oidc {', fault: 'push_config.oidc: there is no such argument' },
    { file: at('pubsub'), from: 'push_endpoint', to: 'endpoint', fault: 'push_config: lacks push_endpoint' },
    {
      file: at('tasks'),
      from: 'rate_limits {',
      to: 'rate_limits {}\n  rate_limits {',
      fault: 'rate_limits: may be there once',
    },
    { file: at('redis'), from: 'auto {}', to: 'auto = true', fault: 'auto: is a block' },
    { file: SERVICE, from: 'name  = env.key', to: 'nom = env.key', fault: 'env.nom: there is no such argument' },
    {
      file: SERVICE,
      from: 'dynamic "vpc_access"',
      to: 'dynamic "vpc"',
      fault: 'template.vpc: there is no such argument',
    },
    { file: SERVICE, from: 'containers[0].image,', to: 'containers[0].picture,', fault: 'ignores changes' },
    { file: SERVICE, from: 'ignore_changes', to: 'ignore_change', fault: 'lifecycle.ignore_change: there is no' },
  ],
  'every reference resolves': [
    {
      file: at('tasks'),
      from: 'var.max_instances.aggregate',
      to: 'var.max_instance.aggregate',
      fault: 'var.max_instance',
    },
    {
      file: at('tasks'),
      from: 'var.max_instances.aggregate',
      to: 'var.max_instances.aggregator',
      fault: 'var.max_instances.aggregator',
    },
    { file: at('tasks'), from: 'local.project', to: 'local.projekt', fault: 'local.projekt' },
    {
      file: at('locals'),
      from: 'google_cloud_tasks_queue.aggregate.id',
      to: 'google_cloud_tasks_queue.aggregator.id',
      fault: 'google_cloud_tasks_queue.aggregator',
    },
    {
      file: at('redis'),
      from: 'google_redis_instance.fan_in.auth_string',
      to: 'google_redis_instance.fan_in.password',
      fault: 'google_redis_instance.fan_in.password',
    },
    {
      file: at('pubsub'),
      from: 'google_pubsub_topic.dead["queries"].id',
      to: 'google_pubsub_topic.dead["query"].id',
      fault: '"query"',
    },
    {
      file: at('query-tables'),
      from: 'table_database_url[each.key].id',
      to: 'table_database_url[each.key].url',
      fault: 'url',
    },
    {
      file: at('services'),
      from: 'data.google_project.this.number',
      to: 'data.google_project.that.number',
      fault: 'data.google_project.that',
    },
    { file: at('iam'), from: 'module.notify.name', to: 'module.notifier.name', fault: 'module.notifier' },
    { file: at('iam'), from: 'module.notify.name', to: 'module.notify.nom', fault: 'module.notify.nom' },
    {
      file: at('functions'),
      from: 'max_instances   = var.max_instances.notify',
      to: '',
      fault: 'module.notify: lacks max_instances',
    },
    {
      file: at('functions'),
      from: 'cpu           = local.instance.aggregate.cpu',
      to: 'processors = 2',
      fault: 'module.aggregate: takes no processors',
    },
    {
      file: at('functions'),
      from: 'source = "../cloud-run-function"',
      to: 'source = "../function"',
      fault: 'there is no terraform/modules/function',
    },
    { file: at('firestore'), from: 'firestore.indexes.json', to: 'firestore.json', fault: 'firestore.json' },
  ],
  'every environment keeps a state of its own and tells of the system, by one provider': [
    { file: `${STAGING}/versions.tf`, from: 'center/staging', to: 'center/production', fault: 'keeps its state in' },
    {
      file: `${STAGING}/versions.tf`,
      from: 'backend "gcs"',
      to: 'backend "local"',
      fault: 'keeps its state in undefined',
    },
    { file: `${STAGING}/outputs.tf`, from: '"system"', to: '"all"', fault: 'staging: tells nothing' },
    { file: at('versions'), from: '~> 6.50', to: '~> 4.0', fault: 'takes the provider ~> 4.0' },
  ],
  'what needs another thing waits for it': [
    {
      file: SERVICE,
      from: '    google_secret_manager_secret_iam_member.reads,\n',
      to: '',
      fault: 'does not wait for google_secret_manager_secret_iam_member.reads',
    },
    {
      file: at('pubsub'),
      from: 'agent_sets_aside, module',
      to: 'agent_sets_aside] # module',
      fault: 'query_table: does not wait for module.query_table',
    },
  ],
  'every variable, local and output is used': [
    { file: at('storage'), from: 'var.bucket_name', to: 'null', fault: 'nobody uses var.bucket_name' },
    { file: at('network'), from: 'local.run_agent', to: '"run"', fault: 'nobody uses local.run_agent' },
    {
      file: at('iam'),
      from: 'module.download_center.service_account_name',
      to: '"name"',
      fault: 'nobody uses output.service_account_name',
    },
  ],
  'every function has exactly the variables that it parses': [
    { file: at('locals'), from: '    BUCKET = ', to: '    BUCKETS = ', fault: 'sweep: lacks BUCKET' },
    { file: at('query-tables'), from: 'TABLE             = each.key', to: '', fault: 'query_table: lacks TABLE' },
    {
      file: at('query-tables'),
      from: '{ TABLE_DATABASE_URL',
      to: '{ DATABASE_URL',
      fault: 'query_table: does not know DATABASE_URL',
    },
    {
      file: at('functions'),
      from: 'PAGE_URL          = local.origin',
      to: 'PAGE_URL = local.origin\n      BUCKET = "b"',
      fault: 'notify: does not know BUCKET',
    },
    {
      file: at('functions'),
      from: 'secrets             = local.secrets_record_store',
      to: 'secrets = merge(local.secrets_fan_in, local.secrets_record_store)',
      fault: 'sweep: does not know REDIS_URL',
    },
    {
      file: at('functions'),
      from: 'JOIN_MEMORY_LIMIT = var',
      to: 'BUCKET = "b"\n JOIN_MEMORY_LIMIT = var',
      fault: 'aggregate: has BUCKET twice',
    },
    { file: at('functions'), from: 'module "sweep"', to: 'module "broom"', fault: 'sweep: is not deployed' },
    {
      file: at('functions'),
      from: 'module "sweep"',
      to: 'module "broom"',
      fault: 'broom: no function is known by that name',
    },
  ],
};
