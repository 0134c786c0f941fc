# A network for this system only. If the databases are in a shared network, remove this module and pass the names of
# that network to the system.
module "network" {
  source = "../../modules/network"

  project_id = var.project_id
  region     = var.region
}

module "system" {
  source = "../../modules/download-center-system"

  project_id            = var.project_id
  region                = var.region
  domain                = var.domain
  network               = { network = module.network.network, subnetwork = module.network.subnetwork }
  databases             = var.databases
  record_database       = var.record_database
  people                = var.people
  access                = var.access
  max_instances         = var.max_instances
  notification_channels = var.notification_channels
  runbook_url           = var.runbook_url
}
