# Who is woken by what. docs/runbook.md has a section of each alert's title.
locals {
  alert = {
    failed = {
      title    = "Failed exports"
      filter   = "${local.logged["ended"]} metric.labels.status=\"FAILED\""
      period   = "3600s"
      aligner  = "ALIGN_SUM"
      reducer  = "REDUCE_SUM"
      over     = var.alert_thresholds.failed_per_hour
      duration = "0s"
      meaning  = "More than ${var.alert_thresholds.failed_per_hour} exports failed within an hour."
    }
    oldest_unfinished = {
      title    = "Oldest unfinished record"
      filter   = local.logged["oldest_unfinished"]
      period   = "300s"
      aligner  = "ALIGN_PERCENTILE_99"
      reducer  = "REDUCE_MAX"
      over     = var.alert_thresholds.oldest_unfinished_seconds
      duration = "0s"
      meaning  = "A record has been under way for longer than ${var.alert_thresholds.oldest_unfinished_seconds} s, and the sweeper has not ended it yet."
    }
    dead_letters = {
      title    = "Dead letters"
      filter   = "resource.type=\"pubsub_subscription\" metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\" resource.labels.subscription_id=monitoring.regex.full_match(\"report-.*-dead-kept\")"
      period   = "60s"
      aligner  = "ALIGN_MAX"
      reducer  = "REDUCE_SUM"
      over     = 0
      duration = "0s"
      meaning  = "Pub/Sub set a message aside after its last try; it is kept in a subscription *-dead-kept for 31 days."
    }
    given_up = {
      title    = "Given up"
      filter   = local.logged["given_up"]
      period   = "3600s"
      aligner  = "ALIGN_SUM"
      reducer  = "REDUCE_SUM"
      over     = 0
      duration = "0s"
      meaning  = "A function acknowledged a message or a task that it could not handle: it does not come again."
    }
    queue_depth = {
      title    = "Tasks waiting"
      filter   = "resource.type=\"cloud_tasks_queue\" metric.type=\"cloudtasks.googleapis.com/queue/depth\" resource.labels.queue_id=monitoring.regex.full_match(\"report-.*\")"
      period   = "60s"
      aligner  = "ALIGN_MAX"
      reducer  = "REDUCE_MAX"
      over     = var.alert_thresholds.queue_depth
      duration = "600s"
      meaning  = "A queue has held more than ${var.alert_thresholds.queue_depth} tasks for ten minutes."
    }
    seconds_to_file = {
      title    = "Slow exports"
      filter   = local.logged["seconds_to_file"]
      period   = "600s"
      aligner  = "ALIGN_PERCENTILE_95"
      reducer  = "REDUCE_MAX"
      over     = var.alert_thresholds.p95_seconds_to_file
      duration = "600s"
      meaning  = "Of some report, one export in twenty takes longer than ${var.alert_thresholds.p95_seconds_to_file} s from request to file."
    }
    server_errors = {
      title    = "Server errors"
      filter   = "resource.type=\"cloud_run_revision\" metric.type=\"run.googleapis.com/request_count\" resource.labels.service_name=monitoring.regex.full_match(\"create-report|download-center\") metric.labels.response_code_class=\"5xx\""
      period   = "300s"
      aligner  = "ALIGN_DELTA"
      reducer  = "REDUCE_SUM"
      over     = var.alert_thresholds.server_errors_per_5_minutes
      duration = "0s"
      meaning  = "More than ${var.alert_thresholds.server_errors_per_5_minutes} requests of people's were answered with 5xx within five minutes."
    }
    redis_memory = {
      title    = "Redis memory"
      filter   = "resource.type=\"redis_instance\" metric.type=\"redis.googleapis.com/stats/memory/usage_ratio\" resource.labels.instance_id=\"${google_redis_instance.fan_in.id}\""
      period   = "60s"
      aligner  = "ALIGN_MEAN"
      reducer  = "REDUCE_MAX"
      over     = var.alert_thresholds.redis_memory_ratio
      duration = "300s"
      meaning  = "More than ${var.alert_thresholds.redis_memory_ratio * 100} % of Redis is in use; when it is full, it refuses writes."
    }
  }

  # The heading's anchor.
  runbook = { for name, alert in merge(local.alert, local.silence, local.refusal) : name => "${var.runbook_url}#${replace(lower(alert.title), " ", "-")}" }
}

# A log's metric is not known at once, and an alert of it is refused for as long: for up to ten minutes. Redis takes about as long to make.
# https://github.com/hashicorp/terraform-provider-google/issues/11102
resource "google_monitoring_alert_policy" "this" {
  for_each              = local.alert
  project               = local.project
  display_name          = "Report download center: ${each.value.title}"
  combiner              = "OR"
  notification_channels = var.notification_channels

  conditions {
    display_name = each.value.title
    condition_threshold {
      filter          = each.value.filter
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.over
      duration        = each.value.duration

      aggregations {
        alignment_period     = each.value.period
        per_series_aligner   = each.value.aligner
        cross_series_reducer = each.value.reducer
      }
    }
  }

  documentation {
    content   = "${each.value.meaning}\n\nWhat to do: ${local.runbook[each.key]}"
    mime_type = "text/markdown"
  }

  depends_on = [google_redis_instance.fan_in]
}

locals {
  # What is to be heard of at all times: without the sweeper, the others say nothing of what hangs.
  silence = {
    sweeper = {
      title   = "No sweeps"
      filter  = local.logged["oldest_unfinished"]
      meaning = "The sweeper, which runs each minute, has not ended a run for ten minutes."
    }
  }
}

resource "google_monitoring_alert_policy" "silence" {
  for_each              = local.silence
  project               = local.project
  display_name          = "Report download center: ${each.value.title}"
  combiner              = "OR"
  notification_channels = var.notification_channels

  conditions {
    display_name = each.value.title
    condition_absent {
      filter   = each.value.filter
      duration = "600s"

      aggregations {
        alignment_period     = "60s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  documentation {
    content   = "${each.value.meaning}\n\nWhat to do: ${local.runbook[each.key]}"
    mime_type = "text/markdown"
  }

  depends_on = [google_redis_instance.fan_in]
}

locals {
  # What is in the log of requests alone: Cloud Run's metrics know nothing of whom it turns away itself. 404 is what a stranger gets, 429 what a
  # function without a free instance answers, 500 what one answers that is to be called again.
  refusal = {
    internal_calls = {
      title   = "Internal calls refused"
      filter  = "resource.type=\"cloud_run_revision\" log_id(\"run.googleapis.com/requests\") resource.labels.service_name=~\"^(query-.+|aggregate|notify|sweep)$\" httpRequest.status>=400 httpRequest.status!=404 httpRequest.status!=429 httpRequest.status!=500"
      meaning = "Pub/Sub, Cloud Tasks or Cloud Scheduler called a function and was turned away (4xx), or the platform answered for a function that did not (5xx)."
    }
  }
}

resource "google_monitoring_alert_policy" "refusal" {
  for_each              = local.refusal
  project               = local.project
  display_name          = "Report download center: ${each.value.title}"
  combiner              = "OR"
  notification_channels = var.notification_channels

  conditions {
    display_name = each.value.title
    condition_matched_log {
      filter = each.value.filter
    }
  }

  alert_strategy {
    auto_close = "3600s"

    notification_rate_limit {
      period = "3600s"
    }
  }

  documentation {
    content   = "${each.value.meaning}\n\nWhat to do: ${local.runbook[each.key]}"
    mime_type = "text/markdown"
  }
}
