locals {
  pubsub_agent = "serviceAccount:service-${local.project_number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

resource "google_pubsub_topic" "this" {
  for_each = { queries = "report-queries", events = "report-events" }
  project  = local.project
  name     = each.value
}

resource "google_pubsub_topic" "dead" {
  for_each = { queries = "report-queries", events = "report-events" }
  project  = local.project
  name     = "${each.value}-dead"
}

# A dead-letter topic without a subscription loses its messages.
resource "google_pubsub_subscription" "dead_kept" {
  for_each                   = { queries = "report-queries", events = "report-events" }
  project                    = local.project
  name                       = "${each.value}-dead-kept"
  topic                      = google_pubsub_topic.dead[each.key].id
  message_retention_duration = "2678400s"

  expiration_policy {
    ttl = ""
  }
}

resource "google_pubsub_subscription" "query_table" {
  for_each = local.tables
  project  = local.project
  # A subscription's filter cannot be changed, so the name contains a version.
  name                 = "query-${each.key}-v1"
  topic                = google_pubsub_topic.this["queries"].id
  filter               = "attributes:\"${each.key}\""
  ack_deadline_seconds = 600

  push_config {
    push_endpoint = local.urls["query-${each.value.resource}"]
    oidc_token {
      service_account_email = google_service_account.trigger.email
      audience              = local.urls["query-${each.value.resource}"]
    }
  }

  retry_policy {
    minimum_backoff = "1s"
    maximum_backoff = "60s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead["queries"].id
    max_delivery_attempts = 20
  }

  expiration_policy {
    ttl = ""
  }

  depends_on = [google_pubsub_topic_iam_member.agent_sets_aside, module.query_table]
}

# Nothing requests an event again, so Pub/Sub retries it for hours before it moves it to the dead-letter topic.
resource "google_pubsub_subscription" "notify" {
  project              = local.project
  name                 = "notify"
  topic                = google_pubsub_topic.this["events"].id
  ack_deadline_seconds = 60

  push_config {
    push_endpoint = local.urls["notify"]
    oidc_token {
      service_account_email = google_service_account.invoker.email
      audience              = local.urls["notify"]
    }
  }

  retry_policy {
    minimum_backoff = "1s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead["events"].id
    max_delivery_attempts = 100
  }

  expiration_policy {
    ttl = ""
  }

  depends_on = [google_pubsub_topic_iam_member.agent_sets_aside, module.notify]
}

# Pub/Sub's service agent publishes a dead letter to the dead-letter topic and acknowledges it on the subscription.
resource "google_pubsub_topic_iam_member" "agent_sets_aside" {
  for_each = google_pubsub_topic.dead
  project  = local.project
  topic    = each.value.name
  role     = "roles/pubsub.publisher"
  member   = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "agent_acknowledges_query" {
  for_each     = google_pubsub_subscription.query_table
  project      = local.project
  subscription = each.value.name
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "agent_acknowledges_event" {
  project      = local.project
  subscription = google_pubsub_subscription.notify.name
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}

resource "google_pubsub_topic_iam_member" "asks_tables" {
  for_each = {
    create-report = module.create_report.member
    aggregate     = module.aggregate.member
    sweep         = module.sweep.member
  }
  project = local.project
  topic   = google_pubsub_topic.this["queries"].name
  role    = "roles/pubsub.publisher"
  member  = each.value
}

# Every function that changes records announces the records that end.
resource "google_pubsub_topic_iam_member" "announces" {
  for_each = {
    create-report   = module.create_report.member
    aggregate       = module.aggregate.member
    sweep           = module.sweep.member
    download-center = module.download_center.member
  }
  project = local.project
  topic   = google_pubsub_topic.this["events"].name
  role    = "roles/pubsub.publisher"
  member  = each.value
}

resource "google_pubsub_topic_iam_member" "query_table_announces" {
  for_each = module.query_table
  project  = local.project
  topic    = google_pubsub_topic.this["events"].name
  role     = "roles/pubsub.publisher"
  member   = each.value.member
}
