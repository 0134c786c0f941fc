output "bucket" {
  description = "The bucket of parts and files."
  value       = google_storage_bucket.files.name
}

output "functions" {
  description = "Every function and its URL, known before it is deployed."
  value       = local.urls
}

output "invoker" {
  description = "The service account as which Cloud Tasks calls."
  value       = google_service_account.invoker.email
}

output "ip_address" {
  description = "What the domain's A record is to point to."
  value       = google_compute_global_address.public.address
}

output "max_user_connections" {
  description = "The most connections that a table's function opens, by table: set it as its login's MAX_USER_CONNECTIONS, and the server holds it to that."
  value = {
    for name, instances in local.query_max_instances : name => 2 * instances * local.connections_per_query_instance[name]
  }

  precondition {
    condition     = alltrue([for instances in values(local.query_max_instances) : instances >= 1])
    error_message = "A database's connection_limit is too low for one instance per table: ${jsonencode(local.query_max_instances)}."
  }
}

output "record_connections" {
  description = "The most connections that all functions together open to the records' MySQL; 0 with Firestore."
  value       = local.record_connections

  precondition {
    condition     = local.keeps_in_firestore || local.record_connections <= try(var.record_database.connection_limit, 0)
    error_message = "Up to ${local.record_connections} connections to the records' database are more than its connection_limit: lower max_instances."
  }
}

output "secrets_to_fill" {
  description = "The secrets whose values an operator puts, before the functions can start."
  value = concat(
    values(google_secret_manager_secret.table_database_url)[*].secret_id,
    google_secret_manager_secret.record_database_url[*].secret_id,
    [google_secret_manager_secret.webhook_endpoints.secret_id],
  )
}
