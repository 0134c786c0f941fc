resource "google_cloud_tasks_queue" "aggregate" {
  project  = local.project
  location = var.region
  name     = "report-aggregate"

  # More at once would find no instance.
  rate_limits {
    max_concurrent_dispatches = var.max_instances.aggregate
  }

  retry_config {
    max_attempts  = 100
    min_backoff   = "1s"
    max_backoff   = "10s"
    max_doublings = 4
  }
}

resource "google_cloud_tasks_queue" "webhooks" {
  project  = local.project
  location = var.region
  name     = "report-webhooks"

  # Attempts and duration must both be used up before a task is given up.
  retry_config {
    max_attempts       = 1
    max_retry_duration = "86400s"
    min_backoff        = "5s"
    max_backoff        = "3600s"
    max_doublings      = 10
  }
}

resource "google_cloud_tasks_queue_iam_member" "enqueues_aggregate" {
  for_each = {
    create-report = module.create_report.member
    aggregate     = module.aggregate.member
    sweep         = module.sweep.member
  }
  project  = local.project
  location = var.region
  name     = google_cloud_tasks_queue.aggregate.name
  role     = "roles/cloudtasks.enqueuer"
  member   = each.value
}

resource "google_cloud_tasks_queue_iam_member" "query_table_enqueues_aggregate" {
  for_each = module.query_table
  project  = local.project
  location = var.region
  name     = google_cloud_tasks_queue.aggregate.name
  role     = "roles/cloudtasks.enqueuer"
  member   = each.value.member
}

resource "google_cloud_tasks_queue_iam_member" "notify_enqueues_webhooks" {
  project  = local.project
  location = var.region
  name     = google_cloud_tasks_queue.webhooks.name
  role     = "roles/cloudtasks.enqueuer"
  member   = module.notify.member
}
