resource "google_cloud_scheduler_job" "sweep" {
  project          = local.project
  region           = var.region
  name             = "sweep"
  description      = "Runs the sweeper, which handles every record that is due."
  schedule         = "* * * * *"
  attempt_deadline = "120s"

  # No retries: the next run does what this one did not.
  retry_config {
    retry_count = 0
  }

  http_target {
    http_method = "POST"
    uri         = local.urls["sweep"]
    oidc_token {
      service_account_email = google_service_account.trigger.email
      audience              = local.urls["sweep"]
    }
  }

  depends_on = [module.sweep]
}
