# The environment variables, in groups. Each group is named after the group in shared/config/variables.ts whose
# variables it sets.
locals {
  env_project = {
    GOOGLE_CLOUD_PROJECT = var.project_id
  }

  env_tracing = {
    # Cloud Trace's endpoint for the OpenTelemetry protocol.
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = "https://telemetry.googleapis.com/v1/traces"
  }

  env_record_store = {
    RECORD_STORE = local.keeps_in_firestore ? "firestore" : "mysql"
    EVENT_TOPIC  = google_pubsub_topic.this["events"].name
  }

  env_files = {
    BUCKET = google_storage_bucket.files.name
  }

  env_task_sender = {
    TASK_SERVICE_ACCOUNT = google_service_account.invoker.email
  }

  env_aggregate_queue = merge(local.env_task_sender, {
    AGGREGATE_QUEUE = google_cloud_tasks_queue.aggregate.id
    AGGREGATE_URL   = local.urls["aggregate"]
  })

  env_query_topic = {
    QUERY_TOPIC = google_pubsub_topic.this["queries"].name
  }

  env_called_by_tasks = {
    INVOKER_SERVICE_ACCOUNT = google_service_account.invoker.email
  }

  env_called_by_triggers = {
    INVOKER_SERVICE_ACCOUNT = google_service_account.trigger.email
  }

  env_internal_issuer = {
    INTERNAL_ISSUER   = "https://accounts.google.com"
    INTERNAL_JWKS_URL = "https://www.googleapis.com/oauth2/v3/certs"
    # IAM allows only one account to call each of these functions. Cloud Run verifies the token and removes its
    # signature.
    INTERNAL_TOKENS_VERIFIED_BY = "platform"
  }

  env_people = {
    AUTH_JWKS_URL         = var.people.jwks_url
    AUTH_ISSUER           = var.people.issuer
    AUTH_AUDIENCE         = var.people.audience
    AUTH_CLAIM_ADMIN      = var.people.claims.admin
    AUTH_CLAIM_DEPARTMENT = var.people.claims.department
    AUTH_CLAIM_ROLES      = var.people.claims.roles
    AUTH_CLAIM_SOURCE     = var.people.claims.source
  }

  env_sessions = {
    SIGN_IN_URL = var.people.sign_in_url
  }

  env_rate_limits = {
    REQUESTS_PER_MINUTE = tostring(var.rate_limits.requests_per_minute)
    ORDERS_PER_MINUTE   = tostring(var.rate_limits.orders_per_minute)
  }

  env_retention = {
    FILE_DAYS   = tostring(var.retention.file_days)
    RECORD_DAYS = tostring(var.retention.record_days)
  }
}

# The functions' names and URLs, which are known before the functions exist, so that functions can refer to each other
# without a dependency cycle.
# https://cloud.google.com/run/docs/triggering/https-request#deterministic
locals {
  functions = concat(
    ["create-report", "download-center", "aggregate", "notify", "sweep"],
    [for table in local.tables : "query-${table.resource}"],
  )
  urls = {
    for name in local.functions : name => "https://${name}-${local.project_number}.${var.region}.run.app"
  }
  origin = "https://${var.domain}"
}
