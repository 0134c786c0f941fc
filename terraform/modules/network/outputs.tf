output "network" {
  description = "The network; known once private services access is there."
  value       = google_compute_network.this.id

  depends_on = [google_service_networking_connection.services]
}

output "subnetwork" {
  description = "The functions' subnetwork, by its full name; made of parts that a plan knows, since the system looks into it."
  value       = "projects/${var.project_id}/regions/${var.region}/subnetworks/${google_compute_subnetwork.functions.name}"
}
