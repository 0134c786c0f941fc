resource "google_cloud_tasks_queue" "aggregate" {
  project  = local.project
  location = var.region
  name     = "report-aggregate"

  # Further concurrent tasks would find no free instance.
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

  # Cloud Tasks gives up a task only when both the attempts and the duration are exhausted.
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
