output "bucket" {
  description = "The name of the bucket for parts and files."
  value       = google_storage_bucket.files.name
}

output "functions" {
  description = "The URL of each function, by its name. URLs are known before the functions are deployed."
  value       = local.urls
}

output "invoker" {
  description = "The email address of the service account with which Cloud Tasks calls the functions."
  value       = google_service_account.invoker.email
}

output "ip_address" {
  description = "The IP address that the domain's A record must point to."
  value       = google_compute_global_address.public.address
}

output "max_user_connections" {
  description = "The maximum number of connections that the table's function opens, by table. Set it as MAX_USER_CONNECTIONS of the table's login, so that the server enforces it."
  value = {
    for name, instances in local.query_max_instances : name => 2 * instances * local.connections_per_query_instance[name]
  }

  precondition {
    condition     = alltrue([for instances in values(local.query_max_instances) : instances >= 1])
    error_message = "The connection_limit of a database is too low for one instance per table. These are the instances per table: ${jsonencode(local.query_max_instances)}. Raise the limit in databases."
  }
}

output "record_connections" {
  description = "The maximum number of connections that all functions together open to the records' MySQL database; 0 if the records are in Firestore."
  value       = local.record_connections

  precondition {
    condition     = local.keeps_in_firestore || local.record_connections <= try(var.record_database.connection_limit, 0)
    error_message = "The functions may open up to ${local.record_connections} connections to the records' database, which is more than its connection_limit. Lower max_instances, or raise the limit in record_database."
  }
}

output "secrets_to_fill" {
  description = "The secrets whose values an operator must add before the functions can start."
  value = concat(
    values(google_secret_manager_secret.table_database_url)[*].secret_id,
    google_secret_manager_secret.record_database_url[*].secret_id,
    [google_secret_manager_secret.webhook_endpoints.secret_id],
  )
}
