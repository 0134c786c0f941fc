# The right to write spans is given by a project alone, and no condition narrows it. It is no right to read any; Cloud Trace's own role for this, cloudtrace.agent, is to write by
# its older API besides.
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
