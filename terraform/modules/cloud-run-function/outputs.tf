output "member" {
  description = "The function's service account, as grants name it."
  value       = google_service_account.this.member
}

output "name" {
  description = "The deployed function's name."
  value       = google_cloud_run_v2_service.this.name
}

output "service_account_name" {
  description = "The function's service account, as a resource."
  value       = google_service_account.this.name
}
