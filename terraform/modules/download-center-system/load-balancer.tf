# One HTTPS origin in front of create-report and download-center, which accept requests only from it.
locals {
  public_ingress = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"

  # The members that are granted the right to invoke the public functions. In the mode `everyone`, Cloud Run does not
  # check for it.
  invokers = {
    everyone = []
    iap      = ["serviceAccount:service-${local.project_number}@gcp-sa-iap.iam.gserviceaccount.com"]
    portal   = var.access.members
  }[var.access.mode]
}

resource "google_cloud_run_v2_service_iam_member" "create_report_is_called" {
  for_each = toset(local.invokers)
  project  = local.project
  location = var.region
  name     = module.create_report.name
  role     = "roles/run.invoker"
  member   = each.key
}

resource "google_cloud_run_v2_service_iam_member" "download_center_is_called" {
  for_each = toset(local.invokers)
  project  = local.project
  location = var.region
  name     = module.download_center.name
  role     = "roles/run.invoker"
  member   = each.key
}

resource "google_compute_region_network_endpoint_group" "public" {
  for_each              = { create-report = module.create_report.name, download-center = module.download_center.name }
  project               = local.project
  region                = var.region
  name                  = each.key
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = each.value
  }
}

resource "google_compute_backend_service" "public" {
  for_each              = google_compute_region_network_endpoint_group.public
  project               = local.project
  name                  = each.key
  protocol              = "HTTPS"
  load_balancing_scheme = "EXTERNAL_MANAGED"

  backend {
    group = each.value.id
  }

  iap {
    enabled = var.access.mode == "iap"
  }

  log_config {
    enable      = true
    sample_rate = 1
  }
}

resource "google_iap_web_backend_service_iam_member" "passes" {
  for_each = {
    for pair in setproduct(keys(google_compute_backend_service.public), var.access.mode == "iap" ? var.access.members : []) :
    join(" ", pair) => { backend = pair[0], member = pair[1] }
  }
  project             = local.project
  web_backend_service = google_compute_backend_service.public[each.value.backend].name
  role                = "roles/iap.httpsResourceAccessor"
  member              = each.value.member
}

# Routes requests as each operation's `servedBy` in shared/api/operations.ts says.
resource "google_compute_url_map" "public" {
  project         = local.project
  name            = "report-download-center"
  default_service = google_compute_backend_service.public["download-center"].id

  host_rule {
    hosts        = [var.domain]
    path_matcher = "origin"
  }

  path_matcher {
    name            = "origin"
    default_service = google_compute_backend_service.public["download-center"].id

    route_rules {
      priority = 1
      service  = google_compute_backend_service.public["create-report"].id

      match_rules {
        full_path_match = "/v1/downloads"
        header_matches {
          header_name = ":method"
          exact_match = "POST"
        }
      }

      match_rules {
        full_path_match = "/v1/downloads:check"
        header_matches {
          header_name = ":method"
          exact_match = "POST"
        }
      }

      match_rules {
        path_template_match = "/v1/downloads/*:retry"
        header_matches {
          header_name = ":method"
          exact_match = "POST"
        }
      }
    }
  }
}

resource "google_compute_global_address" "public" {
  project = local.project
  name    = "report-download-center"
}

resource "google_compute_managed_ssl_certificate" "public" {
  project = local.project
  # The domain is part of the name because the certificate of a new domain is created before the old certificate is
  # destroyed.
  name = "report-download-center-${substr(md5(var.domain), 0, 6)}"

  managed {
    domains = [var.domain]
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "google_compute_ssl_policy" "public" {
  project         = local.project
  name            = "report-download-center"
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"
}

resource "google_compute_target_https_proxy" "public" {
  project          = local.project
  name             = "report-download-center"
  url_map          = google_compute_url_map.public.id
  ssl_certificates = [google_compute_managed_ssl_certificate.public.id]
  ssl_policy       = google_compute_ssl_policy.public.id
}

resource "google_compute_global_forwarding_rule" "https" {
  project               = local.project
  name                  = "report-download-center-https"
  target                = google_compute_target_https_proxy.public.id
  ip_address            = google_compute_global_address.public.id
  port_range            = "443"
  load_balancing_scheme = "EXTERNAL_MANAGED"
}

resource "google_compute_url_map" "redirect" {
  project = local.project
  name    = "report-download-center-redirect"

  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "MOVED_PERMANENTLY_DEFAULT"
    strip_query            = false
  }
}

resource "google_compute_target_http_proxy" "redirect" {
  project = local.project
  name    = "report-download-center-redirect"
  url_map = google_compute_url_map.redirect.id
}

resource "google_compute_global_forwarding_rule" "http" {
  project               = local.project
  name                  = "report-download-center-http"
  target                = google_compute_target_http_proxy.redirect.id
  ip_address            = google_compute_global_address.public.id
  port_range            = "80"
  load_balancing_scheme = "EXTERNAL_MANAGED"
}
