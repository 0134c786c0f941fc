# An operator adds the values (gcloud secrets versions add), so they are not in the Terraform state. The argument
# `secrets` of each function's module says which secrets the function may read.

resource "google_secret_manager_secret" "table_database_url" {
  for_each  = local.tables
  project   = local.project
  secret_id = "table-database-url-${each.value.resource}"

  replication {
    auto {}
  }
}

resource "google_secret_manager_secret" "record_database_url" {
  count     = local.keeps_in_firestore ? 0 : 1
  project   = local.project
  secret_id = "record-database-url"

  replication {
    auto {}
  }
}

resource "google_secret_manager_secret" "webhook_endpoints" {
  project   = local.project
  secret_id = "webhook-endpoints"

  replication {
    auto {}
  }
}

locals {
  secrets_record_store = local.keeps_in_firestore ? {} : {
    RECORD_DATABASE_URL = google_secret_manager_secret.record_database_url[0].id
  }
  record_sql_instances = compact([try(var.record_database.cloud_sql_instance, null)])
}
