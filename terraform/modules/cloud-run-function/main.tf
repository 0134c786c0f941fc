resource "google_service_account" "this" {
  project      = var.project_id
  account_id   = local.account_id
  display_name = var.name
  description  = "Runs the function ${var.name}."
}

resource "google_cloud_run_v2_service" "this" {
  project             = var.project_id
  location            = var.region
  name                = var.name
  ingress             = var.ingress
  custom_audiences    = var.audiences
  deletion_protection = false
  # If everyone may call, Cloud Run does not check for the right to invoke. The alternative, a grant to allUsers, is
  # forbidden in many organisations.
  # https://cloud.google.com/run/docs/authenticating/public
  invoker_iam_disabled = var.open_to_all

  template {
    service_account                  = google_service_account.this.email
    timeout                          = "${var.timeout_seconds}s"
    max_instance_request_concurrency = var.concurrency
    execution_environment            = var.execution_environment

    scaling {
      max_instance_count = var.max_instances
    }

    containers {
      # A placeholder until the first deployment of the code.
      image = "us-docker.pkg.dev/cloudrun/container/hello"

      resources {
        limits = {
          cpu    = var.cpu
          memory = var.memory
        }
        cpu_idle          = true
        startup_cpu_boost = true
      }

      dynamic "env" {
        for_each = local.environment
        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = var.secrets
        content {
          name = env.key
          value_source {
            secret_key_ref {
              secret  = env.value
              version = "latest"
            }
          }
        }
      }

      dynamic "volume_mounts" {
        # One mount for all Cloud SQL instances: each is a socket below it.
        for_each = length(var.cloud_sql_instances) > 0 ? ["cloudsql"] : []
        content {
          name       = volume_mounts.value
          mount_path = "/cloudsql"
        }
      }
    }

    dynamic "volumes" {
      for_each = length(var.cloud_sql_instances) > 0 ? ["cloudsql"] : []
      content {
        name = volumes.value
        cloud_sql_instance {
          instances = var.cloud_sql_instances
        }
      }
    }

    dynamic "vpc_access" {
      for_each = var.vpc[*]
      content {
        egress = "PRIVATE_RANGES_ONLY"
        network_interfaces {
          network    = vpc_access.value.network
          subnetwork = vpc_access.value.subnetwork
        }
      }
    }
  }

  lifecycle {
    # A deployment of the code changes these attributes. The environment, the limits and the permissions stay as defined
    # here.
    ignore_changes = [
      client,
      client_version,
      build_config,
      annotations,
      labels,
      template[0].annotations,
      template[0].labels,
      template[0].revision,
      template[0].containers[0].image,
      template[0].containers[0].base_image_uri,
      traffic,
    ]
  }

  depends_on = [
    google_secret_manager_secret_iam_member.reads,
    google_project_iam_member.connects,
  ]
}

resource "google_secret_manager_secret_iam_member" "reads" {
  for_each  = var.secrets
  secret_id = each.value
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.this.member
}

# The permission to connect can only be granted on a project, which may be another one. The condition restricts it to
# the instance.
resource "google_project_iam_member" "connects" {
  for_each = toset(var.cloud_sql_instances)
  project  = split(":", each.key)[0]
  role     = "roles/cloudsql.client"
  member   = google_service_account.this.member

  condition {
    title      = "${var.name} to one instance"
    expression = "resource.type == 'sqladmin.googleapis.com/Instance' && resource.name == 'projects/${split(":", each.key)[0]}/instances/${split(":", each.key)[2]}'"
  }
}
