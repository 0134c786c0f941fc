# What the functions' log lines tell, as metrics. A line is written right after its fact is committed: that of a process which dies in between is lost. A record's end and
# its phases are never told twice; a requeue is, if its look is delivered again after it.
locals {
  # Bounds of a distribution's buckets, by unit.
  buckets = {
    s       = { scale = 0.05, growth = 1.5, count = 30 }
    By      = { scale = 1000, growth = 2, count = 30 }
    "{USD}" = { scale = 0.000001, growth = 2, count = 30 }
    "{row}" = { scale = 1, growth = 2, count = 30 }
  }

  made = "jsonPayload.message=\"record ended\" jsonPayload.status=\"COMPLETED\" jsonPayload.reused=false"

  # Without a value, lines are counted.
  metric = {
    ended = {
      description = "Records that ended, by report and status."
      filter      = "jsonPayload.message=\"record ended\""
      value       = null
      unit        = "1"
      labels      = { report = "EXTRACT(jsonPayload.report)", status = "EXTRACT(jsonPayload.status)" }
    }
    seconds_to_file = {
      description = "Seconds from a request to its file."
      filter      = local.made
      value       = "EXTRACT(jsonPayload.seconds)"
      unit        = "s"
      labels      = { report = "EXTRACT(jsonPayload.report)" }
    }
    phase_seconds = {
      description = "Seconds of a completed export's phases: waiting for the first snapshot, querying, writing."
      filter      = "jsonPayload.message=\"phase ended\""
      value       = "EXTRACT(jsonPayload.seconds)"
      unit        = "s"
      labels      = { report = "EXTRACT(jsonPayload.report)", phase = "EXTRACT(jsonPayload.phase)" }
    }
    rows = {
      description = "Rows of a file."
      filter      = local.made
      value       = "EXTRACT(jsonPayload.rows)"
      unit        = "{row}"
      labels      = { report = "EXTRACT(jsonPayload.report)" }
    }
    bytes = {
      description = "Bytes of a file."
      filter      = local.made
      value       = "EXTRACT(jsonPayload.bytes)"
      unit        = "By"
      labels      = { report = "EXTRACT(jsonPayload.report)" }
    }
    cost = {
      description = "What making a file cost: an estimate at list prices, in US dollars."
      filter      = local.made
      value       = "EXTRACT(jsonPayload.costUsd)"
      unit        = "{USD}"
      labels      = { report = "EXTRACT(jsonPayload.report)" }
    }
    requeues = {
      description = "Scheduled looks of the aggregator that found sources missing, and scheduled another."
      filter      = "jsonPayload.message=\"requeued\""
      value       = null
      unit        = "1"
      labels      = { report = "EXTRACT(jsonPayload.report)" }
    }
    redeliveries = {
      description = "Messages and tasks that came again; the monitored resource says to which function."
      filter      = "jsonPayload.message=\"redelivered\""
      value       = null
      unit        = "1"
      labels      = {}
    }
    given_up = {
      description = "Messages and tasks acknowledged though they could not be handled, by the fault's code."
      filter      = "jsonPayload.message=\"given up\""
      value       = null
      unit        = "1"
      labels      = { code = "EXTRACT(jsonPayload.err.code)" }
    }
    oldest_unfinished = {
      description = "Seconds since the oldest unfinished record that a sweep saw was asked for."
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
  # How each metric is asked of Cloud Monitoring.
  logged = {
    for name in keys(local.metric) :
    name => "resource.type=\"cloud_run_revision\" metric.type=\"logging.googleapis.com/user/${google_logging_metric.this[name].name}\""
  }
}
