resource "google_project_service" "enabled" {
  for_each           = toset(["compute.googleapis.com", "servicenetworking.googleapis.com"])
  project            = var.project_id
  service            = each.key
  disable_on_destroy = false
}

resource "google_compute_network" "this" {
  # Read from the enabled services, so that the network is not created before their APIs are enabled.
  project                 = one(toset(values(google_project_service.enabled)[*].project))
  name                    = "report-download-center"
  auto_create_subnetworks = false
}

resource "google_compute_subnetwork" "functions" {
  project       = google_compute_network.this.project
  region        = var.region
  name          = "report-functions"
  network       = google_compute_network.this.id
  ip_cidr_range = var.subnet_range
}

# Private services access: the range from which Memorystore, and Cloud SQL instances with a private address, take their
# addresses.
resource "google_compute_global_address" "services" {
  project       = google_compute_network.this.project
  name          = "report-private-services"
  network       = google_compute_network.this.id
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  prefix_length = 20
}

resource "google_service_networking_connection" "services" {
  network                 = google_compute_network.this.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.services.name]
}
