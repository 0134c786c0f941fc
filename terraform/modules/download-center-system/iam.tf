# As whom tasks call. A function that makes tasks may act as it, and can have its token sent to any URL: so it may call those functions alone that
# are called by tasks. Pub/Sub tells notify of events as it, too, since a function expects one caller.
resource "google_service_account" "invoker" {
  project      = local.project
  account_id   = "report-invoker"
  display_name = "Report invoker"
  description  = "Cloud Tasks calls aggregate and notify as it, Pub/Sub notify."
}

resource "google_cloud_run_v2_service_iam_member" "invoker_calls" {
  for_each = {
    aggregate = module.aggregate.name
    notify    = module.notify.name
  }
  project  = local.project
  location = var.region
  name     = each.value
  role     = "roles/run.invoker"
  member   = google_service_account.invoker.member
}

# As whom the functions are called that no task calls. No function may act as it: one table's function cannot ask another's.
resource "google_service_account" "trigger" {
  project      = local.project
  account_id   = "report-trigger"
  display_name = "Report trigger"
  description  = "Pub/Sub calls the tables' functions as it, Cloud Scheduler sweep."
}

resource "google_cloud_run_v2_service_iam_member" "trigger_calls_sweep" {
  project  = local.project
  location = var.region
  name     = module.sweep.name
  role     = "roles/run.invoker"
  member   = google_service_account.trigger.member
}

resource "google_cloud_run_v2_service_iam_member" "trigger_calls_query_table" {
  for_each = module.query_table
  project  = local.project
  location = var.region
  name     = each.value.name
  role     = "roles/run.invoker"
  member   = google_service_account.trigger.member
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

# Pub/Sub signs its pushes as either. Cloud Tasks' and Cloud Scheduler's agents may do so for any account of the project, by the role that they get with their API.
resource "google_service_account_iam_member" "pubsub_signs_as_invoker" {
  service_account_id = google_service_account.invoker.name
  role               = "roles/iam.serviceAccountOpenIdTokenCreator"
  member             = local.pubsub_agent
}

resource "google_service_account_iam_member" "pubsub_signs_as_trigger" {
  service_account_id = google_service_account.trigger.name
  role               = "roles/iam.serviceAccountOpenIdTokenCreator"
  member             = local.pubsub_agent
}

# The roles of Google's that let an account sign let it make access tokens and ID tokens besides.
resource "google_project_iam_custom_role" "signer" {
  project     = local.project
  role_id     = "reportSigner"
  title       = "Report signer"
  description = "Signs bytes as a service account."
  permissions = ["iam.serviceAccounts.signBlob"]
}

# Signed URLs without a key: the function signs as itself, through IAM's signBlob.
resource "google_service_account_iam_member" "download_center_signs" {
  service_account_id = module.download_center.service_account_name
  role               = google_project_iam_custom_role.signer.id
  member             = module.download_center.member
}
