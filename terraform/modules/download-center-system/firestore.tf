# The record store, unless records are kept in MySQL.
locals {
  keeps_in_firestore = var.record_database == null

  firestore = jsondecode(file("${path.module}/../../../infra/schemas/firestore.indexes.json"))
  firestore_indexes = {
    for index in local.firestore.indexes :
    "${index.collectionGroup}: ${join(", ", [for field in index.fields : "${field.fieldPath} ${field.order}"])}" => index
  }
  firestore_fields = {
    for field in local.firestore.fieldOverrides : "${field.collectionGroup}.${field.fieldPath}" => field
  }
}

resource "google_firestore_database" "records" {
  count                             = local.keeps_in_firestore ? 1 : 0
  project                           = local.project
  name                              = "(default)"
  location_id                       = coalesce(var.firestore_location, var.region)
  type                              = "FIRESTORE_NATIVE"
  delete_protection_state           = "DELETE_PROTECTION_ENABLED"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
}

resource "google_firestore_index" "records" {
  for_each    = { for key, index in local.firestore_indexes : key => index if local.keeps_in_firestore }
  project     = local.project
  database    = google_firestore_database.records[0].name
  collection  = each.value.collectionGroup
  query_scope = each.value.queryScope

  dynamic "fields" {
    for_each = each.value.fields
    content {
      field_path = fields.value.fieldPath
      order      = fields.value.order
    }
  }
}

# Fields that are large or never queried, whose indexes would only add cost. A field with `ttl` is the time at which
# Firestore itself deletes the document if the sweeper has not.
resource "google_firestore_field" "unindexed" {
  for_each   = { for key, field in local.firestore_fields : key => field if local.keeps_in_firestore }
  project    = local.project
  database   = google_firestore_database.records[0].name
  collection = each.value.collectionGroup
  field      = each.value.fieldPath

  index_config {}

  dynamic "ttl_config" {
    for_each = try(each.value.ttl, false) ? ["ttl"] : []
    content {}
  }
}

# Firestore's roles can only be granted on the project. The condition restricts them to the one database.
resource "google_project_iam_member" "keeps_records" {
  for_each = {
    for name, member in {
      create-report   = module.create_report.member
      aggregate       = module.aggregate.member
      sweep           = module.sweep.member
      download-center = module.download_center.member
    } : name => member if local.keeps_in_firestore
  }
  project = local.project
  role    = "roles/datastore.user"
  member  = each.value

  condition {
    title      = "the records' database"
    expression = "resource.name == 'projects/${var.project_id}/databases/(default)'"
  }
}

resource "google_project_iam_member" "query_table_keeps_records" {
  for_each = { for table, function in module.query_table : table => function.member if local.keeps_in_firestore }
  project  = local.project
  role     = "roles/datastore.user"
  member   = each.value

  condition {
    title      = "the records' database"
    expression = "resource.name == 'projects/${var.project_id}/databases/(default)'"
  }
}
