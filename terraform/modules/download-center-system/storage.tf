resource "google_storage_bucket" "files" {
  project                     = local.project
  name                        = coalesce(var.bucket_name, "${var.project_id}-report-download-center")
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  # What has expired is gone: it may hold what nobody may read any more.
  soft_delete_policy {
    retention_duration_seconds = 0
  }

  # Each rule is the net below the sweeper, which removes all of it sooner.
  lifecycle_rule {
    condition {
      age            = 1
      matches_prefix = ["parts/"]
    }
    action {
      type = "Delete"
    }
  }

  lifecycle_rule {
    condition {
      age            = ceil(var.retention.file_days) + 1
      matches_prefix = ["reports/"]
    }
    action {
      type = "Delete"
    }
  }

  # Resumable uploads that were begun and left end by themselves within a week, and cost nothing until then.
  lifecycle_rule {
    condition {
      age = 1
    }
    action {
      type = "AbortIncompleteMultipartUpload"
    }
  }
}

# The functions that people reach open no parts, which hold rows as the tables have them. They may list: without that right, a file that is gone would be a refusal.
resource "google_storage_bucket_iam_member" "opens_files" {
  for_each = {
    # Whether a file that could be reused is still there.
    create-report   = module.create_report.member
    download-center = module.download_center.member
  }
  bucket = google_storage_bucket.files.name
  role   = "roles/storage.objectViewer"
  member = each.value

  condition {
    title      = "files"
    expression = "resource.type != 'storage.googleapis.com/Object' || resource.name.startsWith('projects/_/buckets/${google_storage_bucket.files.name}/objects/reports/')"
  }
}

resource "google_storage_bucket_iam_member" "aggregate_reads" {
  bucket = google_storage_bucket.files.name
  role   = "roles/storage.objectViewer"
  member = module.aggregate.member
}

resource "google_storage_bucket_iam_member" "aggregate_creates" {
  bucket = google_storage_bucket.files.name
  role   = "roles/storage.objectCreator"
  member = module.aggregate.member
}

resource "google_storage_bucket_iam_member" "query_table_reads_parts" {
  for_each = module.query_table
  bucket   = google_storage_bucket.files.name
  role     = "roles/storage.objectViewer"
  member   = each.value.member

  condition {
    title      = "parts"
    expression = "resource.name.startsWith('projects/_/buckets/${google_storage_bucket.files.name}/objects/parts/')"
  }
}

resource "google_storage_bucket_iam_member" "query_table_creates_parts" {
  for_each = module.query_table
  bucket   = google_storage_bucket.files.name
  role     = "roles/storage.objectCreator"
  member   = each.value.member

  condition {
    title      = "parts"
    expression = "resource.name.startsWith('projects/_/buckets/${google_storage_bucket.files.name}/objects/parts/')"
  }
}

# No role of Google's lets objects be deleted and not written.
resource "google_project_iam_custom_role" "object_remover" {
  project     = local.project
  role_id     = "reportObjectRemover"
  title       = "Report object remover"
  description = "Lists and deletes objects."
  permissions = ["storage.objects.delete", "storage.objects.list"]
}

resource "google_storage_bucket_iam_member" "sweep_removes" {
  bucket = google_storage_bucket.files.name
  role   = google_project_iam_custom_role.object_remover.id
  member = module.sweep.member
}
