resource "google_storage_bucket" "files" {
  project                     = local.project
  name                        = coalesce(var.bucket_name, "${var.project_id}-report-download-center")
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  # Deleted objects cannot be restored: an expired file may contain data that nobody may read any more.
  soft_delete_policy {
    retention_duration_seconds = 0
  }

  # Each of these rules is a fallback for the sweeper, which removes the objects earlier.
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

  # Abandoned resumable uploads end by themselves within a week, and cost nothing until then.
  lifecycle_rule {
    condition {
      age = 1
    }
    action {
      type = "AbortIncompleteMultipartUpload"
    }
  }
}

# The public functions cannot read parts, which contain rows as read from the tables. They may list objects: without
# that permission, Cloud Storage would answer a request for a missing file with a refusal instead of "not found".
resource "google_storage_bucket_iam_member" "opens_files" {
  for_each = {
    # Checks whether a file that could be reused still exists.
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

# A custom role, because none of Google's roles allows deleting objects without also allowing writing them.
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
