variable "audiences" {
  description = "The audiences that tokens for this function may have, in addition to its own URL."
  type        = list(string)
  nullable    = false
}

variable "cloud_sql_instances" {
  description = "The Cloud SQL instances that are reached through the connector, as PROJECT:REGION:INSTANCE. Each is a socket below /cloudsql."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for instance in var.cloud_sql_instances : can(regex("^[^:]+:[^:]+:[^:]+$", instance))])
    error_message = "Every Cloud SQL instance must have the form PROJECT:REGION:INSTANCE."
  }
}

variable "concurrency" {
  description = "The maximum number of requests that one instance handles at the same time."
  type        = number
  nullable    = false
}

variable "cpu" {
  description = "The number of processors of an instance."
  type        = string
  default     = "1"
  nullable    = false
}

variable "environment" {
  description = "The environment variables, in groups. Variables that are null are left out."
  type        = list(map(string))
  nullable    = false
}

variable "execution_environment" {
  description = "EXECUTION_ENVIRONMENT_GEN1 starts faster and emulates most system calls; EXECUTION_ENVIRONMENT_GEN2 has all system calls. If null, Cloud Run chooses."
  type        = string
  default     = null
}

variable "ingress" {
  description = "The ingress setting: from where the function may be called, e.g. INGRESS_TRAFFIC_INTERNAL_ONLY."
  type        = string
  nullable    = false
}

variable "max_instances" {
  description = "The maximum number of instances of one revision. While one revision replaces another, each may have that many."
  type        = number
  nullable    = false
}

variable "memory" {
  description = "The memory of an instance, including its file system, e.g. 512Mi."
  type        = string
  nullable    = false
}

variable "name" {
  description = "The name of the function. Together with the project number it must fit into a DNS label of 63 characters; otherwise the function's URL is not known in advance."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,47}[a-z0-9]$", var.name))
    error_message = "The name of a function must have 2 to 49 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen."
  }
}

variable "open_to_all" {
  description = "Whether Cloud Run admits every caller that the ingress setting allows, without checking for the right to invoke."
  type        = bool
  default     = false
  nullable    = false
}

variable "project_id" {
  description = "The id of the project that the function is deployed to."
  type        = string
  nullable    = false
}

variable "region" {
  description = "The region that the function is deployed to."
  type        = string
  nullable    = false
}

variable "secrets" {
  description = "The ids of the secrets that are passed as environment variables, by the name of the variable. An instance reads the latest version when it starts."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "timeout_seconds" {
  description = "The maximum duration of a request, in seconds."
  type        = number
  nullable    = false
}

variable "vpc" {
  description = "The network and the subnetwork through which the function reaches private addresses. If null, it has none."
  type = object({
    network    = string
    subnetwork = string
  })
  default = null
}
