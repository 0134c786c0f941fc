# What the functions' log lines tell, as metrics.
locals {
  metric = {
    # notify logs each event that it is told of; the event's id ends in what became of the record.
    ended = {
      name        = "report-download-center/ended"
      description = "Records that ended, by status."
      filter      = "resource.labels.service_name=\"notify\" jsonPayload.message=\"webhooks asked for\""
      value       = null
      labels      = { status = "REGEXP_EXTRACT(jsonPayload.eventId, \"-([a-z]+)$\")" }
    }
    seconds_to_file = {
      name        = "report-download-center/seconds-to-file"
      description = "Seconds from a request to its file."
      filter      = "resource.labels.service_name=\"aggregate\" jsonPayload.message=\"file written\""
      value       = "EXTRACT(jsonPayload.seconds)"
      labels      = {}
    }
    oldest_unfinished = {
      name        = "report-download-center/oldest-unfinished"
      description = "Seconds since the oldest unfinished record that a sweep saw was asked for."
      filter      = "resource.labels.service_name=\"sweep\" jsonPayload.message=\"swept\""
      value       = "EXTRACT(jsonPayload.oldestUnfinishedSeconds)"
      labels      = {}
    }
  }
}

resource "google_logging_metric" "this" {
  for_each        = local.metric
  project         = local.project
  name            = each.value.name
  description     = each.value.description
  filter          = "resource.type=\"cloud_run_revision\" ${each.value.filter}"
  value_extractor = each.value.value

  label_extractors = each.value.labels

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = each.value.value == null ? "INT64" : "DISTRIBUTION"
    unit        = each.value.value == null ? "1" : "s"

    dynamic "labels" {
      for_each = each.value.labels
      content {
        key        = labels.key
        value_type = "STRING"
      }
    }
  }

  # From 1 s to over an hour, each bucket half as long again as the one before it.
  dynamic "bucket_options" {
    for_each = each.value.value[*]
    content {
      exponential_buckets {
        num_finite_buckets = 20
        growth_factor      = 1.5
        scale              = 1
      }
    }
  }
}

locals {
  # How each figure is asked of Cloud Monitoring; the dashboard and the alerts ask alike.
  figure = {
    failed = {
      title      = "Failed exports"
      filter     = "resource.type=\"cloud_run_revision\" metric.type=\"logging.googleapis.com/user/${google_logging_metric.this["ended"].name}\" metric.labels.status=\"failed\""
      period     = "3600s"
      aligner    = "ALIGN_SUM"
      reducer    = "REDUCE_SUM"
      over       = var.alert_thresholds.failed_per_hour
      meaning    = "More than ${var.alert_thresholds.failed_per_hour} exports failed within an hour. Their records tell which tables were missing and why; so do the log lines \"source failed\" and \"the record failed\"."
      is_at_once = true
    }
    dead_letters = {
      title      = "Dead letters"
      filter     = "resource.type=\"pubsub_subscription\" metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\" resource.labels.subscription_id=monitoring.regex.full_match(\"report-.*-dead-kept\")"
      period     = "60s"
      aligner    = "ALIGN_MAX"
      reducer    = "REDUCE_SUM"
      over       = 0
      meaning    = "A message was set aside after its last try: a stage message means a table that could not be read, an event means that notify could not take it. They are kept in the subscriptions *-dead-kept for 31 days."
      is_at_once = true
    }
    oldest_unfinished = {
      title      = "Oldest unfinished record"
      filter     = "resource.type=\"cloud_run_revision\" metric.type=\"logging.googleapis.com/user/${google_logging_metric.this["oldest_unfinished"].name}\""
      period     = "300s"
      aligner    = "ALIGN_PERCENTILE_99"
      reducer    = "REDUCE_MAX"
      over       = var.alert_thresholds.oldest_unfinished_seconds
      meaning    = "A record has been under way for longer than ${var.alert_thresholds.oldest_unfinished_seconds} s, and the sweeper has not ended it yet."
      is_at_once = true
    }
    queue_depth = {
      title      = "Tasks waiting"
      filter     = "resource.type=\"cloud_tasks_queue\" metric.type=\"cloudtasks.googleapis.com/queue/depth\" resource.labels.queue_id=monitoring.regex.full_match(\"report-.*\")"
      period     = "60s"
      aligner    = "ALIGN_MAX"
      reducer    = "REDUCE_MAX"
      over       = var.alert_thresholds.queue_depth
      meaning    = "A queue holds more than ${var.alert_thresholds.queue_depth} tasks for ten minutes: aggregate has too few instances, or a webhook's receiver has been down."
      is_at_once = false
    }
    seconds_to_file = {
      title      = "p95 of the time to a file"
      filter     = "resource.type=\"cloud_run_revision\" metric.type=\"logging.googleapis.com/user/${google_logging_metric.this["seconds_to_file"].name}\""
      period     = "600s"
      aligner    = "ALIGN_PERCENTILE_95"
      reducer    = "REDUCE_MAX"
      over       = var.alert_thresholds.p95_seconds_to_file
      meaning    = "One export in twenty takes longer than ${var.alert_thresholds.p95_seconds_to_file} s from request to file: a table is slow, or instances are lacking."
      is_at_once = false
    }
  }
}

resource "google_monitoring_alert_policy" "this" {
  for_each              = local.figure
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
      duration        = each.value.is_at_once ? "0s" : "600s"

      aggregations {
        alignment_period     = each.value.period
        per_series_aligner   = each.value.aligner
        cross_series_reducer = each.value.reducer
      }
    }
  }

  documentation {
    content   = each.value.meaning
    mime_type = "text/markdown"
  }
}

resource "google_monitoring_dashboard" "this" {
  project = local.project
  dashboard_json = jsonencode({
    displayName = "Report download center"
    gridLayout = {
      columns = "2"
      widgets = [
        for figure in local.figure : {
          title = figure.title
          xyChart = {
            dataSets = [{
              plotType = "LINE"
              timeSeriesQuery = {
                timeSeriesFilter = {
                  filter = figure.filter
                  aggregation = {
                    alignmentPeriod    = figure.period
                    perSeriesAligner   = figure.aligner
                    crossSeriesReducer = figure.reducer
                  }
                }
              }
            }]
          }
        }
      ]
    }
  })
}
