locals {
  run_agent = "serviceAccount:service-${local.project_number}@serverless-robot-prod.iam.gserviceaccount.com"
}

# If another project shares the network, Cloud Run's service agent must be allowed to use addresses of the subnetwork.
resource "google_compute_subnetwork_iam_member" "run_takes_addresses" {
  count      = split("/", var.network.subnetwork)[1] == var.project_id ? 0 : 1
  project    = split("/", var.network.subnetwork)[1]
  region     = split("/", var.network.subnetwork)[3]
  subnetwork = var.network.subnetwork
  role       = "roles/compute.networkUser"
  member     = local.run_agent
}
