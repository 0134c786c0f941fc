variable "project_id" {
  description = "The id of the project that the network belongs to."
  type        = string
  nullable    = false
}

variable "region" {
  description = "The region of the subnetwork."
  type        = string
  nullable    = false
}

variable "subnet_range" {
  description = "The address range of the functions. Instances take addresses in blocks, so the range should have at least four addresses per instance."
  type        = string
  default     = "10.8.0.0/22"
  nullable    = false

  validation {
    condition     = can(cidrhost(var.subnet_range, 0)) && tonumber(split("/", var.subnet_range)[1]) <= 26
    error_message = "subnet_range must be a CIDR range of at least 64 addresses, e.g. 10.8.0.0/22."
  }
}
