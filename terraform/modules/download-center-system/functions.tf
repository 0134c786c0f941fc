locals {
  # A long run overlaps with the next one.
  sweep_max_instances = 2

  # The resources of the instances that receive them as variables, to estimate the cost of an export.
  instance = {
    aggregate   = { cpu = "2", memory = var.join.memory }
    query_table = { cpu = "1", memory = "512Mi" }
  }
}

module "create_report" {
  source = "../cloud-run-function"

  project_id      = local.project
  region          = var.region
  name            = "create-report"
  ingress         = local.public_ingress
  open_to_all     = var.access.mode == "everyone"
  audiences       = [local.origin]
  memory          = "512Mi"
  concurrency     = 40
  max_instances   = var.max_instances.create_report
  timeout_seconds = 60
  vpc             = var.network
  environment = [
    local.env_project, local.env_tracing, local.env_people, local.env_sessions, local.env_record_store, local.env_files,
    local.env_aggregate_queue, local.env_query_topic, local.env_rate_limits,
  ]
  secrets             = merge(local.secrets_fan_in, local.secrets_record_store)
  cloud_sql_instances = local.record_sql_instances
}

module "download_center" {
  source = "../cloud-run-function"

  project_id  = local.project
  region      = var.region
  name        = "download-center"
  ingress     = local.public_ingress
  open_to_all = var.access.mode == "everyone"
  audiences   = [local.origin]
  memory      = "512Mi"
  # Most requests are live lists, which spend their time waiting.
  concurrency   = 200
  max_instances = var.max_instances.download_center
  # A live list ends by itself after five minutes.
  timeout_seconds = 330
  vpc             = var.network
  environment = [
    local.env_project, local.env_people, local.env_sessions, local.env_record_store, local.env_files, local.env_rate_limits,
    { PORTAL_ORIGINS = join(" ", var.people.portal_origins) },
  ]
  secrets             = merge(local.secrets_fan_in, local.secrets_record_store)
  cloud_sql_instances = local.record_sql_instances
}

module "aggregate" {
  source = "../cloud-run-function"

  project_id = local.project
  region     = var.region
  name       = "aggregate"
  ingress    = "INGRESS_TRAFFIC_INTERNAL_ONLY"
  audiences  = [local.urls["aggregate"]]
  # The first generation emulates system calls. Named pipes, the size of their buffers and DuckDB must not depend on the
  # emulation.
  execution_environment = "EXECUTION_ENVIRONMENT_GEN2"
  # A join uses both processors. What it spills also counts as memory.
  cpu           = local.instance.aggregate.cpu
  memory        = local.instance.aggregate.memory
  concurrency   = 1
  max_instances = var.max_instances.aggregate
  # As long as Cloud Tasks waits for a response: DISPATCH_DEADLINE in shared/adapters/cloud-tasks-queue.ts.
  timeout_seconds = 1800
  vpc             = var.network
  environment = [
    local.env_project, local.env_tracing, local.env_called_by_tasks, local.env_internal_issuer, local.env_record_store, local.env_files,
    local.env_aggregate_queue, local.env_query_topic, local.env_retention,
    {
      INTERNAL_AUDIENCE = local.urls["aggregate"]
      JOIN_MEMORY_LIMIT = var.join.memory_limit
      JOIN_SPILL_LIMIT  = var.join.spill_limit
      INSTANCE_CPU      = local.instance.aggregate.cpu
      INSTANCE_MEMORY   = local.instance.aggregate.memory
      # By default, glibc gives each thread a heap of its own and returns hardly any memory from it, so the process
      # would hold DuckDB's memory several times over.
      MALLOC_ARENA_MAX = "1"
      # By default, V8 keeps up to 48 MiB for young objects. A function that streams bytes has few of them.
      NODE_OPTIONS = "--max-semi-space-size=4"
    },
  ]
  secrets             = merge(local.secrets_fan_in, local.secrets_record_store)
  cloud_sql_instances = local.record_sql_instances
}

module "notify" {
  source = "../cloud-run-function"

  project_id      = local.project
  region          = var.region
  name            = "notify"
  ingress         = "INGRESS_TRAFFIC_INTERNAL_ONLY"
  audiences       = [local.urls["notify"]]
  memory          = "512Mi"
  concurrency     = 40
  max_instances   = var.max_instances.notify
  timeout_seconds = 60
  # For webhook receivers at private addresses, if the endpoint allows them.
  vpc = var.network
  environment = [
    local.env_project, local.env_tracing, local.env_called_by_tasks, local.env_internal_issuer, local.env_task_sender,
    {
      INTERNAL_AUDIENCE = local.urls["notify"]
      WEBHOOK_QUEUE     = google_cloud_tasks_queue.webhooks.id
      PAGE_URL          = local.origin
    },
  ]
  secrets = { WEBHOOK_ENDPOINTS = google_secret_manager_secret.webhook_endpoints.id }
}

module "sweep" {
  source = "../cloud-run-function"

  project_id      = local.project
  region          = var.region
  name            = "sweep"
  ingress         = "INGRESS_TRAFFIC_INTERNAL_ONLY"
  audiences       = [local.urls["sweep"]]
  memory          = "512Mi"
  concurrency     = 1
  max_instances   = local.sweep_max_instances
  timeout_seconds = 120
  vpc             = var.network
  environment = [
    local.env_project, local.env_tracing, local.env_called_by_triggers, local.env_internal_issuer, local.env_record_store, local.env_files,
    local.env_aggregate_queue, local.env_query_topic, local.env_retention,
    { INTERNAL_AUDIENCE = local.urls["sweep"] },
  ]
  secrets             = local.secrets_record_store
  cloud_sql_instances = local.record_sql_instances
}
