locals {
  tables = jsondecode(file("${path.module}/tables.json"))

  tables_by_database = {
    for database in distinct(values(local.tables)[*].database) :
    database => [for name, table in local.tables : name if table.database == database]
  }

  # One query at a time, so that each query has the instance's processor to itself.
  query_concurrency = 1

  # The functions of a database's tables share its connections equally. A function holds at most
  #   2 revisions        while one replaces the other
  # × max_instances
  # × concurrency        messages that an instance handles at the same time
  # × queries            of the table in one message, i.e. in one stage of one report; from tables.json
  # × 2 connections      the query's own, and the one that kills the query
  # so max_instances = floor(connection_limit / tables of the database / (2 × concurrency × queries × 2)).
  connections_per_query_instance = {
    for name, table in local.tables : name => local.query_concurrency * table.queries * 2
  }
  query_max_instances = {
    for name, table in local.tables : name => floor(
      var.databases[table.database].connection_limit
      / length(local.tables_by_database[table.database])
      / (2 * local.connections_per_query_instance[name])
    )
  }
}

# The connections to the records' MySQL database, if records are kept there. Each instance of every function except
# notify has a pool of 2 (shared/adapters/mysql-record-store/record-pool.ts), and again there may be 2 revisions.
locals {
  record_connections = local.keeps_in_firestore ? 0 : 2 * 2 * sum(concat(
    [var.max_instances.create_report, var.max_instances.download_center, var.max_instances.aggregate, local.sweep_max_instances],
    values(local.query_max_instances),
  ))
}

module "query_table" {
  source   = "../cloud-run-function"
  for_each = local.tables

  project_id    = local.project
  region        = var.region
  name          = "query-${each.value.resource}"
  ingress       = "INGRESS_TRAFFIC_INTERNAL_ONLY"
  audiences     = [local.urls["query-${each.value.resource}"]]
  cpu           = local.instance.query_table.cpu
  memory        = local.instance.query_table.memory
  concurrency   = local.query_concurrency
  max_instances = local.query_max_instances[each.key]
  # As long as Pub/Sub waits for a response.
  timeout_seconds = 600
  vpc             = var.network
  environment = [
    local.env_project, local.env_tracing, local.env_called_by_triggers, local.env_internal_issuer, local.env_record_store, local.env_files,
    local.env_aggregate_queue,
    {
      INTERNAL_AUDIENCE = local.urls["query-${each.value.resource}"]
      TABLE             = each.key
      INSTANCE_CPU      = local.instance.query_table.cpu
      INSTANCE_MEMORY   = local.instance.query_table.memory
    },
  ]
  secrets = merge(
    local.secrets_fan_in,
    local.secrets_record_store,
    { TABLE_DATABASE_URL = google_secret_manager_secret.table_database_url[each.key].id },
  )
  cloud_sql_instances = distinct(concat(
    compact([var.databases[each.value.database].cloud_sql_instance]),
    local.record_sql_instances,
  ))
}
