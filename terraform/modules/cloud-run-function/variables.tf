variable "audiences" {
  description = "What tokens for this function may name as their audience, besides its own URL."
  type        = list(string)
  nullable    = false
}

variable "cloud_sql_instances" {
  description = "Cloud SQL instances reached by the connector, as PROJECT:REGION:INSTANCE; each is a socket below /cloudsql."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for instance in var.cloud_sql_instances : can(regex("^[^:]+:[^:]+:[^:]+$", instance))])
    error_message = "A Cloud SQL instance is PROJECT:REGION:INSTANCE."
  }
}

variable "concurrency" {
  description = "Requests that one instance answers at once."
  type        = number
  nullable    = false
}

variable "cpu" {
  description = "Processors of an instance."
  type        = string
  default     = "1"
  nullable    = false
}

variable "environment" {
  description = "Environment variables, in groups; a null is left out."
  type        = list(map(string))
  nullable    = false
}

variable "execution_environment" {
  description = "EXECUTION_ENVIRONMENT_GEN1 starts sooner and emulates most system calls, EXECUTION_ENVIRONMENT_GEN2 has all of them; Cloud Run chooses, if null."
  type        = string
  default     = null
}

variable "ingress" {
  description = "From where it may be called, e.g. INGRESS_TRAFFIC_INTERNAL_ONLY."
  type        = string
  nullable    = false
}

variable "max_instances" {
  description = "Instances of one revision at once. While one revision takes over from another there may be as many of each."
  type        = number
  nullable    = false
}

variable "memory" {
  description = "Memory of an instance, its file system included."
  type        = string
  nullable    = false
}

variable "name" {
  description = "The function's name. With the project's number it must fit into a DNS label of 63 characters, or its URL cannot be known beforehand."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,47}[a-z0-9]$", var.name))
    error_message = "A function's name has 2 to 49 lower-case letters, digits and hyphens."
  }
}

variable "open_to_all" {
  description = "Whether Cloud Run lets in whoever gets past the ingress, and asks nobody for the right to invoke."
  type        = bool
  default     = false
  nullable    = false
}

variable "project_id" {
  description = "The project that it is deployed to."
  type        = string
  nullable    = false
}

variable "region" {
  description = "The region that it is deployed to."
  type        = string
  nullable    = false
}

variable "secrets" {
  description = "Secrets in environment variables: the secret's id by the variable's name. The latest version is read at an instance's start."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "timeout_seconds" {
  description = "A request's longest time."
  type        = number
  nullable    = false
}

variable "vpc" {
  description = "The network and subnetwork through which private addresses are reached; none, if null."
  type = object({
    network    = string
    subnetwork = string
  })
  default = null
}
