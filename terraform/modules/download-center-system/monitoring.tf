# The alerts. docs/runbook.md has a section for each, under the alert's title.
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
      meaning  = "A record was requested more than ${var.alert_thresholds.oldest_unfinished_seconds} s ago and is still unfinished. The sweeper has not ended it yet."
    }
    dead_letters = {
      title    = "Dead letters"
      filter   = "resource.type=\"pubsub_subscription\" metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\" resource.labels.subscription_id=monitoring.regex.full_match(\"report-.*-dead-kept\")"
      period   = "60s"
      aligner  = "ALIGN_MAX"
      reducer  = "REDUCE_SUM"
      over     = 0
      duration = "0s"
      meaning  = "Pub/Sub moved a message to a dead-letter topic after the last delivery attempt. A subscription `*-dead-kept` keeps it for 31 days."
    }
    given_up = {
      title    = "Given up"
      filter   = local.logged["given_up"]
      period   = "3600s"
      aligner  = "ALIGN_SUM"
      reducer  = "REDUCE_SUM"
      over     = 0
      duration = "0s"
      meaning  = "A function acknowledged a message or a task that it could not handle. It will not be delivered again."
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
      meaning  = "For at least one report, one export in twenty takes longer than ${var.alert_thresholds.p95_seconds_to_file} s from request to file."
    }
    server_errors = {
      title    = "Server errors"
      filter   = "resource.type=\"cloud_run_revision\" metric.type=\"run.googleapis.com/request_count\" resource.labels.service_name=monitoring.regex.full_match(\"create-report|download-center\") metric.labels.response_code_class=\"5xx\""
      period   = "300s"
      aligner  = "ALIGN_DELTA"
      reducer  = "REDUCE_SUM"
      over     = var.alert_thresholds.server_errors_per_5_minutes
      duration = "0s"
      meaning  = "More than ${var.alert_thresholds.server_errors_per_5_minutes} requests to create-report or download-center were answered with 5xx within five minutes."
    }
    redis_memory = {
      title    = "Redis memory"
      filter   = "resource.type=\"redis_instance\" metric.type=\"redis.googleapis.com/stats/memory/usage_ratio\" resource.labels.instance_id=\"${google_redis_instance.fan_in.id}\""
      period   = "60s"
      aligner  = "ALIGN_MEAN"
      reducer  = "REDUCE_MAX"
      over     = var.alert_thresholds.redis_memory_ratio
      duration = "300s"
      meaning  = "More than ${var.alert_thresholds.redis_memory_ratio * 100} % of Redis' memory is in use. When it is full, Redis refuses writes."
    }
  }

  # The URL of each alert's section in the runbook. The anchor is derived from the title.
  runbook = { for name, alert in merge(local.alert, local.silence, local.refusal) : name => "${var.runbook_url}#${replace(lower(alert.title), " ", "-")}" }
}

# Cloud Monitoring does not know a new log-based metric at once, and refuses alerts on it until it does: for up to ten
# minutes. So the alerts wait for Redis, which takes about as long to create.
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
  # Alerts on metrics that must never stop reporting. If the sweeper does not run, no other alert reports records that
  # hang.
  silence = {
    sweeper = {
      title   = "No sweeps"
      filter  = local.logged["oldest_unfinished"]
      meaning = "The sweeper is scheduled every minute, but has not completed a run for ten minutes."
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
  # Alerts on the request log, because Cloud Run's metrics do not include the requests that Cloud Run itself refuses.
  # The filter leaves out 404, which an outside caller gets; 429, which means that the function has no free instance;
  # and 500, with which a function asks to be called again.
  refusal = {
    internal_calls = {
      title   = "Internal calls refused"
      filter  = "resource.type=\"cloud_run_revision\" log_id(\"run.googleapis.com/requests\") resource.labels.service_name=~\"^(query-.+|aggregate|notify|sweep)$\" httpRequest.status>=400 httpRequest.status!=404 httpRequest.status!=429 httpRequest.status!=500"
      meaning = "Pub/Sub, Cloud Tasks or Cloud Scheduler called an internal function and was refused (4xx), or the platform answered because the function did not (5xx)."
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
