output "network" {
  description = "The id of the network, available once private services access is set up."
  value       = google_compute_network.this.id

  depends_on = [google_service_networking_connection.services]
}

output "subnetwork" {
  description = "The full name of the functions' subnetwork. It is composed of parts that are known at plan time, because the system module parses it."
  value       = "projects/${var.project_id}/regions/${var.region}/subnetworks/${google_compute_subnetwork.functions.name}"
}
