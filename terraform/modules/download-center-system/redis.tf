resource "google_redis_instance" "fan_in" {
  project                 = local.project
  region                  = var.region
  name                    = "report-fan-in"
  tier                    = var.redis.tier
  memory_size_gb          = var.redis.memory_size_gb
  redis_version           = "REDIS_7_2"
  authorized_network      = var.network.network
  connect_mode            = "PRIVATE_SERVICE_ACCESS"
  auth_enabled            = true
  transit_encryption_mode = "SERVER_AUTHENTICATION"

  # If a hash were evicted, the queries of its stage would run again. A refused write is only retried.
  redis_configs = {
    maxmemory-policy = "noeviction"
  }
}

# The instance generates the password, so the value of this secret is in the Terraform state. No other confidential
# value is there.
resource "google_secret_manager_secret" "redis_url" {
  project   = local.project
  secret_id = "redis-url"

  replication {
    auto {}
  }
}

resource "google_secret_manager_secret_version" "redis_url" {
  secret      = google_secret_manager_secret.redis_url.id
  secret_data = "rediss://:${google_redis_instance.fan_in.auth_string}@${google_redis_instance.fan_in.host}:${google_redis_instance.fan_in.port}"
}

# Not confidential, but passed to the functions in the same way.
resource "google_secret_manager_secret" "redis_ca" {
  project   = local.project
  secret_id = "redis-ca"

  replication {
    auto {}
  }
}

resource "google_secret_manager_secret_version" "redis_ca" {
  secret      = google_secret_manager_secret.redis_ca.id
  secret_data = join("\n", google_redis_instance.fan_in.server_ca_certs[*].cert)
}

locals {
  secrets_fan_in = {
    REDIS_URL = google_secret_manager_secret_version.redis_url.secret
    REDIS_CA  = google_secret_manager_secret_version.redis_ca.secret
  }
}
