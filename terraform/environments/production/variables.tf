variable "access" {
  description = "Who gets past the load balancer, see the module."
  type = object({
    mode    = optional(string, "everyone")
    members = optional(list(string), [])
  })
  default  = {}
  nullable = false
}

variable "databases" {
  description = "The MySQL server of each database that tables are declared of, see the module."
  type = map(object({
    connection_limit   = number
    cloud_sql_instance = optional(string)
  }))
  nullable = false
}

variable "domain" {
  description = "The public origin's host."
  type        = string
  nullable    = false
}

variable "max_instances" {
  description = "Instances at once of each function, see the module. With `record_database`, its connection_limit must bear them."
  type = object({
    create_report   = optional(number, 10)
    download_center = optional(number, 10)
    aggregate       = optional(number, 10)
    notify          = optional(number, 10)
  })
  default  = {}
  nullable = false
}

variable "notification_channels" {
  description = "Cloud Monitoring's notification channels that alerts go to."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "people" {
  description = "How people's tokens are verified, see the module."
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
}

variable "project_id" {
  description = "The Google Cloud project."
  type        = string
  nullable    = false
}

variable "record_database" {
  description = "The MySQL server that keeps the records; null keeps them in Firestore."
  type = object({
    connection_limit   = number
    cloud_sql_instance = optional(string)
  })
  default = null
}

variable "region" {
  description = "The region of everything that has one."
  type        = string
  nullable    = false
}

variable "runbook_url" {
  description = "Where operators read docs/runbook.md, e.g. https://git.example.com/reports/blob/main/docs/runbook.md: alerts lead to its sections."
  type        = string
  nullable    = false
}
