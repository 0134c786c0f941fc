# The account with which Cloud Tasks calls. A function that creates tasks may act as this account and can have its token
# sent to any URL, so the account may call only the functions that tasks call. Pub/Sub also delivers events to notify
# with it, because a function accepts only one caller.
resource "google_service_account" "invoker" {
  project      = local.project
  account_id   = "report-invoker"
  display_name = "Report invoker"
  description  = "Used by Cloud Tasks to call aggregate and notify, and by Pub/Sub to call notify."
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

# The account with which Pub/Sub and Cloud Scheduler call the functions that no task calls. No function may act as it,
# so one table's function cannot call another's.
resource "google_service_account" "trigger" {
  project      = local.project
  account_id   = "report-trigger"
  display_name = "Report trigger"
  description  = "Used by Pub/Sub to call the tables' functions, and by Cloud Scheduler to call sweep."
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

# A function that creates tasks carrying the invoker's token must be allowed to act as the invoker.
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

# Pub/Sub signs its push requests as either account. The service agents of Cloud Tasks and Cloud Scheduler may sign as
# any account of the project, through the roles that they are granted when their APIs are enabled.
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

# A custom role, because Google's roles that allow signing also allow creating access tokens and ID tokens.
resource "google_project_iam_custom_role" "signer" {
  project     = local.project
  role_id     = "reportSigner"
  title       = "Report signer"
  description = "Signs bytes as a service account."
  permissions = ["iam.serviceAccounts.signBlob"]
}

# For signed URLs without a key: the function signs as itself, through IAM's signBlob.
resource "google_service_account_iam_member" "download_center_signs" {
  service_account_id = module.download_center.service_account_name
  role               = google_project_iam_custom_role.signer.id
  member             = module.download_center.member
}
