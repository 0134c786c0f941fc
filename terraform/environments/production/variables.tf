variable "access" {
  description = "Who may reach the public functions through the load balancer; see the module."
  type = object({
    mode    = optional(string, "everyone")
    members = optional(list(string), [])
  })
  default  = {}
  nullable = false
}

variable "databases" {
  description = "The MySQL server of each database that has declared tables; see the module."
  type = map(object({
    connection_limit   = number
    cloud_sql_instance = optional(string)
  }))
  nullable = false
}

variable "domain" {
  description = "The host name of the public origin."
  type        = string
  nullable    = false
}

variable "max_instances" {
  description = "The maximum number of instances of each function; see the module. If `record_database` is set, its connection_limit must be high enough for them."
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
  description = "The notification channels of Cloud Monitoring to which alerts are sent, as projects/PROJECT/notificationChannels/ID."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "people" {
  description = "How the tokens of people are verified; see the module."
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
  description = "The id of the Google Cloud project."
  type        = string
  nullable    = false
}

variable "record_database" {
  description = "The MySQL server that keeps the records. If null, the records are kept in Firestore."
  type = object({
    connection_limit   = number
    cloud_sql_instance = optional(string)
  })
  default = null
}

variable "region" {
  description = "The region of all regional resources."
  type        = string
  nullable    = false
}

variable "runbook_url" {
  description = "The URL at which operators read docs/runbook.md, e.g. https://git.example.com/reports/blob/main/docs/runbook.md. Alerts link to its sections."
  type        = string
  nullable    = false
}
