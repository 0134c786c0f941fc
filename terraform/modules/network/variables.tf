variable "project_id" {
  description = "The project that the network belongs to."
  type        = string
  nullable    = false
}

variable "region" {
  description = "The subnetwork's region."
  type        = string
  nullable    = false
}

variable "subnet_range" {
  description = "The functions' addresses. Instances take them in blocks, so that there should be four for each instance at least."
  type        = string
  default     = "10.8.0.0/22"
  nullable    = false

  validation {
    condition     = can(cidrhost(var.subnet_range, 0)) && tonumber(split("/", var.subnet_range)[1]) <= 26
    error_message = "A range of 64 addresses or more, e.g. 10.8.0.0/22."
  }
}
