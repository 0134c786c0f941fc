variable "access" {
  description = <<-EOT
    Who gets past the load balancer to create-report and download-center, which themselves verify the person's token in any case.
    `everyone`: anybody. `iap`: `members`, signed in by Identity-Aware Proxy. `portal`: `members` alone, the portal's service
    account, with a Google ID token for the origin in `X-Serverless-Authorization`.
  EOT
  type = object({
    mode    = optional(string, "everyone")
    members = optional(list(string), [])
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["everyone", "iap", "portal"], var.access.mode)
    error_message = "The mode is everyone, iap or portal."
  }

  validation {
    condition     = (var.access.mode == "everyone") == (length(var.access.members) == 0)
    error_message = "iap and portal need members, everyone takes none."
  }

  validation {
    condition     = var.access.mode != "portal" || alltrue([for member in var.access.members : startswith(member, "serviceAccount:")])
    error_message = "The portal calls as a service account: serviceAccount:NAME@PROJECT.iam.gserviceaccount.com."
  }

  validation {
    condition     = alltrue([for member in var.access.members : can(regex("^(user|group|serviceAccount|domain|principal|principalSet):[^ ]+$", member))])
    error_message = "A member is user:, group:, serviceAccount:, domain:, principal: or principalSet:, and who."
  }
}

variable "alert_thresholds" {
  description = "From when on operators are alerted; docs/runbook.md explains each."
  type = object({
    failed_per_hour             = optional(number, 5)
    oldest_unfinished_seconds   = optional(number, 1800)
    queue_depth                 = optional(number, 500)
    p95_seconds_to_file         = optional(number, 120)
    redis_memory_ratio          = optional(number, 0.8)
    server_errors_per_5_minutes = optional(number, 5)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for threshold in values(var.alert_thresholds) : threshold > 0]) && var.alert_thresholds.redis_memory_ratio < 1
    error_message = "A threshold is above 0, and the ratio of memory below 1."
  }
}

variable "bucket_name" {
  description = "The bucket of parts and files; PROJECT-report-download-center unless given."
  type        = string
  default     = null

  validation {
    condition     = var.bucket_name == null || can(regex("^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "Not a bucket's name."
  }
}

variable "databases" {
  description = <<-EOT
    The MySQL server of each database that tables are declared of, by the database's name. `connection_limit` is how many connections
    all functions of its tables together may hold; leave some to others. `cloud_sql_instance` (PROJECT:REGION:INSTANCE, of whatever
    project) is reached by the connector; without it, the secret's URL names an address that the network leads to.
  EOT
  type = map(object({
    connection_limit   = number
    cloud_sql_instance = optional(string)
  }))
  nullable = false

  validation {
    condition = alltrue([
      for table in jsondecode(file("${path.module}/tables.json")) : contains(keys(var.databases), table.database)
    ])
    error_message = "Each database in tables.json needs an entry."
  }
}

variable "domain" {
  description = "The public origin's host, e.g. downloads.example.com; its A record is to point to the output `ip_address`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", var.domain))
    error_message = "The domain is a host name in lower case, without scheme or path."
  }
}

variable "firestore_location" {
  description = "Where Firestore keeps the records, e.g. eur3; the region unless given. It cannot be changed."
  type        = string
  default     = null

  validation {
    condition     = var.firestore_location == null || can(regex("^[a-z]+(-[a-z]+)?[0-9]+$", var.firestore_location))
    error_message = "A location is e.g. eur3 or asia-east1."
  }
}

variable "join" {
  description = "aggregate's memory, and DuckDB's limits: of its buffers, and of what it spills. Both are part of that memory, beside some 400 MiB."
  type = object({
    memory       = optional(string, "2Gi")
    memory_limit = optional(string, "160MB")
    spill_limit  = optional(string, "1GB")
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^[0-9]+Gi$", var.join.memory)) && alltrue([for limit in [var.join.memory_limit, var.join.spill_limit] : can(regex("^[0-9]+(MB|GB)$", limit))])
    error_message = "Memory is written as 2Gi, DuckDB's limits as 160MB or 1GB."
  }

  # https://cloud.google.com/run/docs/configuring/services/memory-limits
  validation {
    condition     = try(tonumber(trimsuffix(var.join.memory, "Gi")), 1) <= 8
    error_message = "With its two processors, aggregate may have 8Gi."
  }

  validation {
    condition = try(sum([
      for limit in [var.join.memory_limit, var.join.spill_limit] :
      tonumber(regex("^[0-9]+", limit)) * (endswith(limit, "GB") ? 1000 : 1)
    ]) * 1000 * 1000 + 400 * pow(1024, 2) <= tonumber(trimsuffix(var.join.memory, "Gi")) * pow(1024, 3), true)
    error_message = "DuckDB's limits and 400 MiB are more than aggregate's memory."
  }
}

variable "max_instances" {
  description = "Instances at once of each function; those of the tables follow from `databases`."
  type = object({
    create_report   = optional(number, 10)
    download_center = optional(number, 10)
    aggregate       = optional(number, 10)
    notify          = optional(number, 10)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for count in values(var.max_instances) : count >= 1 && floor(count) == count])
    error_message = "Each function needs an instance, and whole ones."
  }
}

variable "network" {
  description = "The network and subnetwork (projects/PROJECT/regions/REGION/subnetworks/NAME) that lead to the databases, and to Redis by private services access. May be another project's, shared with this one."
  type = object({
    network    = string
    subnetwork = string
  })
  nullable = false

  validation {
    condition     = can(regex("^projects/[^/]+/regions/[^/]+/subnetworks/[^/]+$", var.network.subnetwork))
    error_message = "The subnetwork is projects/PROJECT/regions/REGION/subnetworks/NAME."
  }
}

variable "notification_channels" {
  description = "Cloud Monitoring's notification channels that alerts go to."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for channel in var.notification_channels : can(regex("^projects/[^/]+/notificationChannels/[^/]+$", channel))])
    error_message = "A channel is projects/PROJECT/notificationChannels/ID."
  }
}

variable "people" {
  description = <<-EOT
    How people's tokens are verified: the issuer's keys, the issuer, the audience, and the claims that say who one is. `sign_in_url` is
    the portal's page that hands over a session; `portal_origins` may do so, and embed the page.
  EOT
  type = object({
    jwks_url = string
    issuer   = string
    audience = string
    claims = optional(object({
      admin      = optional(string, "sub")
      department = optional(string, "department")
      roles      = optional(string, "roles")
      source     = optional(string, "azp")
    }), {})
    sign_in_url    = optional(string)
    portal_origins = optional(list(string), [])
  })
  nullable = false

  validation {
    condition     = startswith(var.people.jwks_url, "https://") && alltrue([for origin in var.people.portal_origins : can(regex("^https://[^/ ]+$", origin))])
    error_message = "The keys' URL is https, and an origin is https://host[:port]."
  }

  validation {
    condition     = var.people.sign_in_url == null || can(regex("^https://[^/ ]+(/[^ ]*)?$", var.people.sign_in_url))
    error_message = "The sign-in page's URL is https."
  }
}

variable "project_id" {
  description = "The Google Cloud project."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "Not a project's id."
  }
}

variable "rate_limits" {
  description = "How often one person may ask, a minute: anything, and for a report."
  type = object({
    requests_per_minute = optional(number, 600)
    orders_per_minute   = optional(number, 60)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for limit in values(var.rate_limits) : limit >= 1 && floor(limit) == limit])
    error_message = "A limit is a whole number from 1 on."
  }
}

variable "record_database" {
  description = "The MySQL server that keeps the records, as in `databases`; null keeps them in Firestore."
  type = object({
    connection_limit   = number
    cloud_sql_instance = optional(string)
  })
  default = null
}

variable "redis" {
  description = "Memorystore's tier and size. What it loses is asked for again."
  type = object({
    tier           = optional(string, "STANDARD_HA")
    memory_size_gb = optional(number, 1)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["BASIC", "STANDARD_HA"], var.redis.tier) && var.redis.memory_size_gb >= 1
    error_message = "The tier is BASIC or STANDARD_HA, and the size a gigabyte at least."
  }
}

variable "region" {
  description = "The region of everything that has one."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "A region is e.g. asia-east1."
  }
}

variable "retention" {
  description = "Days after which files go, and records."
  type = object({
    file_days   = optional(number, 7)
    record_days = optional(number, 180)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.retention.file_days > 0 && var.retention.record_days >= var.retention.file_days && var.retention.record_days <= 1000
    error_message = "Records are kept as long as files at least, and 1000 days at most: Firestore removes them after 1100 in any case."
  }
}

variable "runbook_url" {
  description = "Where operators read docs/runbook.md, e.g. https://git.example.com/reports/blob/main/docs/runbook.md: alerts lead to its sections."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^https://[^#]+$", var.runbook_url))
    error_message = "The runbook's URL is https://…, without a section."
  }
}
