# The permission to write spans can only be granted on a project, and no condition can narrow it. It does not allow
# reading spans. Cloud Trace's own role for this, cloudtrace.agent, also allows writing through its older API.
resource "google_project_iam_member" "sends_traces" {
  for_each = {
    create-report = module.create_report.member
    aggregate     = module.aggregate.member
    notify        = module.notify.member
    sweep         = module.sweep.member
  }
  project = local.project
  role    = "roles/telemetry.tracesWriter"
  member  = each.value
}

resource "google_project_iam_member" "query_table_sends_traces" {
  for_each = module.query_table
  project  = local.project
  role     = "roles/telemetry.tracesWriter"
  member   = each.value.member
}
