locals {
  # Each entry is a column of the dashboard. The first column shows the figures that have an alert, with the alerts' own
  # queries.
  dashboard = {
    "1 Health" = [for alert in local.alert : merge(alert, { by = [] })]
    "2 Throughput" = [
      { title = "Exports ended, by status", filter = local.logged["ended"], period = "300s", aligner = "ALIGN_SUM", reducer = "REDUCE_SUM", by = ["metric.label.status"] },
      { title = "Exports ended, by report", filter = local.logged["ended"], period = "300s", aligner = "ALIGN_SUM", reducer = "REDUCE_SUM", by = ["metric.label.report"] },
      { title = "Rows per file, p95", filter = local.logged["rows"], period = "3600s", aligner = "ALIGN_PERCENTILE_95", reducer = "REDUCE_MAX", by = ["metric.label.report"] },
      { title = "Bytes per file, p95", filter = local.logged["bytes"], period = "3600s", aligner = "ALIGN_PERCENTILE_95", reducer = "REDUCE_MAX", by = ["metric.label.report"] },
    ]
    "3 Phases" = [
      { title = "Seconds per phase, p50", filter = local.logged["phase_seconds"], period = "600s", aligner = "ALIGN_PERCENTILE_50", reducer = "REDUCE_MAX", by = ["metric.label.phase"] },
      { title = "Seconds per phase, p95", filter = local.logged["phase_seconds"], period = "600s", aligner = "ALIGN_PERCENTILE_95", reducer = "REDUCE_MAX", by = ["metric.label.phase"] },
      { title = "Requeues", filter = local.logged["requeues"], period = "300s", aligner = "ALIGN_SUM", reducer = "REDUCE_SUM", by = ["metric.label.report"] },
      { title = "Redeliveries", filter = local.logged["redeliveries"], period = "300s", aligner = "ALIGN_SUM", reducer = "REDUCE_SUM", by = ["resource.label.service_name"] },
    ]
    "4 Cost" = [
      { title = "US dollars per export, p50", filter = local.logged["cost"], period = "3600s", aligner = "ALIGN_PERCENTILE_50", reducer = "REDUCE_MAX", by = ["metric.label.report"] },
      { title = "US dollars per export, p95", filter = local.logged["cost"], period = "3600s", aligner = "ALIGN_PERCENTILE_95", reducer = "REDUCE_MAX", by = ["metric.label.report"] },
    ]
  }
}

resource "google_monitoring_dashboard" "this" {
  project = local.project
  dashboard_json = jsonencode({
    displayName = "Report download center"
    columnLayout = {
      columns = [
        for heading, figures in local.dashboard : {
          widgets = concat(
            [{ text = { content = replace(heading, "/^\\d /", "## "), format = "MARKDOWN" } }],
            [
              for figure in figures : {
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
                          groupByFields      = figure.by
                        }
                      }
                    }
                  }]
                }
              }
            ]
          )
        }
      ]
    }
  })
}
