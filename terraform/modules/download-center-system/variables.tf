variable "access" {
  description = <<-EOT
    Who may reach create-report and download-center through the load balancer. The functions verify the person's own token
    in every mode. `everyone`: all callers. `iap`: the `members`, signed in by Identity-Aware Proxy. `portal`: only the
    `members`, i.e. the portal's service account, with a Google ID token for the origin in `X-Serverless-Authorization`.
  EOT
  type = object({
    mode    = optional(string, "everyone")
    members = optional(list(string), [])
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["everyone", "iap", "portal"], var.access.mode)
    error_message = "access.mode must be \"everyone\", \"iap\" or \"portal\"."
  }

  validation {
    condition     = (var.access.mode == "everyone") == (length(var.access.members) == 0)
    error_message = "access.members must name at least one member in the modes iap and portal, and must be empty in the mode everyone."
  }

  validation {
    condition     = var.access.mode != "portal" || alltrue([for member in var.access.members : startswith(member, "serviceAccount:")])
    error_message = "In the mode portal, every entry of access.members must be a service account: serviceAccount:NAME@PROJECT.iam.gserviceaccount.com."
  }

  validation {
    condition     = alltrue([for member in var.access.members : can(regex("^(user|group|serviceAccount|domain|principal|principalSet):[^ ]+$", member))])
    error_message = "Every entry of access.members must start with user:, group:, serviceAccount:, domain:, principal: or principalSet:, followed by the identity without spaces, e.g. group:admins@example.com."
  }
}

variable "alert_thresholds" {
  description = "The thresholds above which operators are alerted. docs/runbook.md explains each alert."
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
    error_message = "Every alert threshold must be greater than 0, and redis_memory_ratio must also be less than 1."
  }
}

variable "bucket_name" {
  description = "The name of the bucket for parts and files. If null, it is PROJECT-report-download-center."
  type        = string
  default     = null

  validation {
    condition     = var.bucket_name == null || can(regex("^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "bucket_name must have 3 to 63 lower-case letters, digits, dots, underscores and hyphens, and begin and end with a letter or digit."
  }
}

variable "databases" {
  description = <<-EOT
    The MySQL server of each database that has declared tables, by the database's name. `connection_limit` is the maximum number of
    connections that the functions of its tables may hold together; leave some for other clients. `cloud_sql_instance`
    (PROJECT:REGION:INSTANCE, in any project) is reached through Cloud SQL's connector. Without it, the URL in the table's secret must
    contain an address that is reachable through the network.
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
    error_message = "databases must have an entry for each database in tables.json. Add the missing ones."
  }
}

variable "domain" {
  description = "The host name of the public origin, e.g. downloads.example.com. Its A record must point to the output `ip_address`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", var.domain))
    error_message = "domain must be a host name in lower case, without scheme or path, e.g. downloads.example.com."
  }
}

variable "firestore_location" {
  description = "The location of the Firestore database that keeps the records, e.g. eur3. If null, it is `region`. It cannot be changed later."
  type        = string
  default     = null

  validation {
    condition     = var.firestore_location == null || can(regex("^[a-z]+(-[a-z]+)?[0-9]+$", var.firestore_location))
    error_message = "firestore_location must be a location of Firestore, e.g. eur3 or asia-east1."
  }
}

variable "join" {
  description = "The memory of aggregate (`memory`), and DuckDB's limits for its buffers (`memory_limit`) and for what it spills (`spill_limit`). Both limits count towards that memory, in addition to about 400 MiB."
  type = object({
    memory       = optional(string, "2Gi")
    memory_limit = optional(string, "160MB")
    spill_limit  = optional(string, "1GB")
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^[0-9]+Gi$", var.join.memory)) && alltrue([for limit in [var.join.memory_limit, var.join.spill_limit] : can(regex("^[0-9]+(MB|GB)$", limit))])
    error_message = "join.memory must be written like 2Gi, and join.memory_limit and join.spill_limit like 160MB or 1GB."
  }

  # https://cloud.google.com/run/docs/configuring/services/memory-limits
  validation {
    condition     = try(tonumber(trimsuffix(var.join.memory, "Gi")), 1) <= 8
    error_message = "join.memory must not exceed 8Gi, the most that Cloud Run allows for the two processors of aggregate."
  }

  validation {
    condition = try(sum([
      for limit in [var.join.memory_limit, var.join.spill_limit] :
      tonumber(regex("^[0-9]+", limit)) * (endswith(limit, "GB") ? 1000 : 1)
    ]) * 1000 * 1000 + 400 * pow(1024, 2) <= tonumber(trimsuffix(var.join.memory, "Gi")) * pow(1024, 3), true)
    error_message = "join.memory_limit, join.spill_limit and 400 MiB together exceed join.memory. Raise join.memory, or lower the limits."
  }
}

variable "max_instances" {
  description = "The maximum number of instances of each function. Those of the tables' functions follow from `databases`."
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
    error_message = "Every value of max_instances must be a whole number of at least 1."
  }
}

variable "network" {
  description = "The network and the subnetwork (projects/PROJECT/regions/REGION/subnetworks/NAME) through which the functions reach the databases, and Redis by private services access. They may belong to another project that shares them with this one."
  type = object({
    network    = string
    subnetwork = string
  })
  nullable = false

  validation {
    condition     = can(regex("^projects/[^/]+/regions/[^/]+/subnetworks/[^/]+$", var.network.subnetwork))
    error_message = "network.subnetwork must have the form projects/PROJECT/regions/REGION/subnetworks/NAME."
  }
}

variable "notification_channels" {
  description = "The notification channels of Cloud Monitoring to which alerts are sent, as projects/PROJECT/notificationChannels/ID."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for channel in var.notification_channels : can(regex("^projects/[^/]+/notificationChannels/[^/]+$", channel))])
    error_message = "Every entry of notification_channels must have the form projects/PROJECT/notificationChannels/ID."
  }
}

variable "people" {
  description = <<-EOT
    How the tokens of people are verified: the URL of the issuer's keys, the issuer, the audience, and the claims that identify
    the person. `sign_in_url` is the portal's page that hands over a session. The pages of `portal_origins` may hand over a
    session and embed the download center's page.
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
    error_message = "people.jwks_url must begin with https://, and every entry of people.portal_origins must have the form https://HOST[:PORT]."
  }

  validation {
    condition     = var.people.sign_in_url == null || can(regex("^https://[^/ ]+(/[^ ]*)?$", var.people.sign_in_url))
    error_message = "people.sign_in_url must be an https URL, e.g. https://portal.example.com/sign-in."
  }
}

variable "project_id" {
  description = "The id of the Google Cloud project."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id must be the id of a project: 6 to 30 lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen."
  }
}

variable "rate_limits" {
  description = "The maximum number of requests per person and minute: `orders_per_minute` for requests that order a report (create, retry), `requests_per_minute` for all others."
  type = object({
    requests_per_minute = optional(number, 600)
    orders_per_minute   = optional(number, 60)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for limit in values(var.rate_limits) : limit >= 1 && floor(limit) == limit])
    error_message = "Every rate limit must be a whole number of at least 1."
  }
}

variable "record_database" {
  description = "The MySQL server that keeps the records, with the same attributes as in `databases`. If null, the records are kept in Firestore."
  type = object({
    connection_limit   = number
    cloud_sql_instance = optional(string)
  })
  default = null
}

variable "redis" {
  description = "The tier of the Memorystore instance, and its size in GB. Data that it loses is queried again."
  type = object({
    tier           = optional(string, "STANDARD_HA")
    memory_size_gb = optional(number, 1)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["BASIC", "STANDARD_HA"], var.redis.tier) && var.redis.memory_size_gb >= 1
    error_message = "redis.tier must be BASIC or STANDARD_HA, and redis.memory_size_gb must be at least 1."
  }
}

variable "region" {
  description = "The region of all regional resources."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region must be a region of Google Cloud, e.g. asia-east1."
  }
}

variable "retention" {
  description = "The number of days after which files (`file_days`) and records (`record_days`) are deleted."
  type = object({
    file_days   = optional(number, 7)
    record_days = optional(number, 180)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.retention.file_days > 0 && var.retention.record_days >= var.retention.file_days && var.retention.record_days <= 1000
    error_message = "retention.file_days must be greater than 0, and retention.record_days must be at least file_days and at most 1000: Firestore removes records after 1100 days in any case."
  }
}

variable "runbook_url" {
  description = "The URL at which operators read docs/runbook.md, e.g. https://git.example.com/reports/blob/main/docs/runbook.md. Alerts link to its sections."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^https://[^#]+$", var.runbook_url))
    error_message = "runbook_url must begin with https:// and must not contain a fragment (#…)."
  }
}
