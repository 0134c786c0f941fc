# Metrics based on the functions' log lines. A line is written right after its fact is committed. If the process dies in
# between, the line is lost. The end of a record and its phases are never logged twice. A requeue is logged twice if its
# look is delivered again afterwards.
locals {
  # The bounds of a distribution's buckets, by unit.
  buckets = {
    s       = { scale = 0.05, growth = 1.5, count = 30 }
    By      = { scale = 1000, growth = 2, count = 30 }
    "{USD}" = { scale = 0.000001, growth = 2, count = 30 }
    "{row}" = { scale = 1, growth = 2, count = 30 }
  }

  made = "jsonPayload.message=\"record ended\" jsonPayload.status=\"COMPLETED\" jsonPayload.reused=false"

  # If `value` is null, the metric counts lines.
  metric = {
    ended = {
      description = "Number of records that ended, by report and status."
      filter      = "jsonPayload.message=\"record ended\""
      value       = null
      unit        = "1"
      labels      = { report = "EXTRACT(jsonPayload.report)", status = "EXTRACT(jsonPayload.status)" }
    }
    seconds_to_file = {
      description = "Seconds from the request to the file."
      filter      = local.made
      value       = "EXTRACT(jsonPayload.seconds)"
      unit        = "s"
      labels      = { report = "EXTRACT(jsonPayload.report)" }
    }
    phase_seconds = {
      description = "Seconds that each phase of a completed export took: waiting for the first snapshot, querying, writing."
      filter      = "jsonPayload.message=\"phase ended\""
      value       = "EXTRACT(jsonPayload.seconds)"
      unit        = "s"
      labels      = { report = "EXTRACT(jsonPayload.report)", phase = "EXTRACT(jsonPayload.phase)" }
    }
    rows = {
      description = "Number of rows in a file."
      filter      = local.made
      value       = "EXTRACT(jsonPayload.rows)"
      unit        = "{row}"
      labels      = { report = "EXTRACT(jsonPayload.report)" }
    }
    bytes = {
      description = "Size of a file in bytes."
      filter      = local.made
      value       = "EXTRACT(jsonPayload.bytes)"
      unit        = "By"
      labels      = { report = "EXTRACT(jsonPayload.report)" }
    }
    cost = {
      description = "Estimated cost of making a file, in US dollars at list prices."
      filter      = local.made
      value       = "EXTRACT(jsonPayload.costUsd)"
      unit        = "{USD}"
      labels      = { report = "EXTRACT(jsonPayload.report)" }
    }
    requeues = {
      description = "Number of scheduled looks of the aggregator that found sources missing and scheduled another look."
      filter      = "jsonPayload.message=\"requeued\""
      value       = null
      unit        = "1"
      labels      = { report = "EXTRACT(jsonPayload.report)" }
    }
    redeliveries = {
      description = "Number of messages and tasks that were delivered again. The monitored resource identifies the function."
      filter      = "jsonPayload.message=\"redelivered\""
      value       = null
      unit        = "1"
      labels      = {}
    }
    given_up = {
      description = "Number of messages and tasks that were acknowledged although they could not be handled, by error code."
      filter      = "jsonPayload.message=\"given up\""
      value       = null
      unit        = "1"
      labels      = { code = "EXTRACT(jsonPayload.err.code)" }
    }
    oldest_unfinished = {
      description = "Seconds since the request of the oldest unfinished record that a sweep found."
      filter      = "jsonPayload.message=\"swept\""
      value       = "EXTRACT(jsonPayload.oldestUnfinishedSeconds)"
      unit        = "s"
      labels      = {}
    }
  }
}

resource "google_logging_metric" "this" {
  for_each         = local.metric
  project          = local.project
  name             = "report-download-center/${replace(each.key, "_", "-")}"
  description      = each.value.description
  filter           = "resource.type=\"cloud_run_revision\" ${each.value.filter}"
  value_extractor  = each.value.value
  label_extractors = each.value.labels

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = each.value.value == null ? "INT64" : "DISTRIBUTION"
    unit        = each.value.unit

    dynamic "labels" {
      for_each = each.value.labels
      content {
        key        = labels.key
        value_type = "STRING"
      }
    }
  }

  dynamic "bucket_options" {
    for_each = each.value.value[*]
    content {
      exponential_buckets {
        num_finite_buckets = local.buckets[each.value.unit].count
        growth_factor      = local.buckets[each.value.unit].growth
        scale              = local.buckets[each.value.unit].scale
      }
    }
  }
}

locals {
  # The filter with which Cloud Monitoring selects each metric.
  logged = {
    for name in keys(local.metric) :
    name => "resource.type=\"cloud_run_revision\" metric.type=\"logging.googleapis.com/user/${google_logging_metric.this[name].name}\""
  }
}
