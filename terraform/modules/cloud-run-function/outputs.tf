output "member" {
  description = "The function's service account, in the form that IAM grants use (serviceAccount:EMAIL)."
  value       = google_service_account.this.member
}

output "name" {
  description = "The name of the deployed function."
  value       = google_cloud_run_v2_service.this.name
}

output "service_account_name" {
  description = "The resource name of the function's service account."
  value       = google_service_account.this.name
}
