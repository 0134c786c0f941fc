# As whom Pub/Sub, Cloud Tasks and Cloud Scheduler call the internal functions. Its rights are beside what they are to: it has none of its own accord.
resource "google_service_account" "invoker" {
  project      = local.project
  account_id   = "report-invoker"
  display_name = "Report invoker"
  description  = "Pub/Sub, Cloud Tasks and Cloud Scheduler call the internal functions as it."
}

resource "google_cloud_run_v2_service_iam_member" "invoker_calls" {
  for_each = {
    aggregate = module.aggregate.name
    notify    = module.notify.name
    sweep     = module.sweep.name
  }
  project  = local.project
  location = var.region
  name     = each.value
  role     = "roles/run.invoker"
  member   = google_service_account.invoker.member
}

resource "google_cloud_run_v2_service_iam_member" "invoker_calls_query_table" {
  for_each = module.query_table
  project  = local.project
  location = var.region
  name     = each.value.name
  role     = "roles/run.invoker"
  member   = google_service_account.invoker.member
}

# Whoever creates a task that is sent with the invoker's token must be allowed to act as it.
resource "google_service_account_iam_member" "acts_as_invoker" {
  for_each = {
    create-report = module.create_report.member
    aggregate     = module.aggregate.member
    notify        = module.notify.member
    sweep         = module.sweep.member
  }
  service_account_id = google_service_account.invoker.name
  role               = "roles/iam.serviceAccountUser"
  member             = each.value
}

resource "google_service_account_iam_member" "query_table_acts_as_invoker" {
  for_each           = module.query_table
  service_account_id = google_service_account.invoker.name
  role               = "roles/iam.serviceAccountUser"
  member             = each.value.member
}

# Pub/Sub signs its pushes with the invoker's token. Cloud Tasks' and Cloud Scheduler's agents may do so for any account of the project, by the role that they get with their API.
resource "google_service_account_iam_member" "pubsub_signs_as_invoker" {
  service_account_id = google_service_account.invoker.name
  role               = "roles/iam.serviceAccountOpenIdTokenCreator"
  member             = local.pubsub_agent
}

# Signed URLs without a key: the function signs as itself, through IAM's signBlob.
resource "google_service_account_iam_member" "download_center_signs" {
  service_account_id = module.download_center.service_account_name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = module.download_center.member
}
