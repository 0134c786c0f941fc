locals {
  # At most 30 characters; a hash keeps apart what was cut.
  account_id = length(var.name) <= 30 ? var.name : "${substr(var.name, 0, 23)}-${substr(md5(var.name), 0, 6)}"

  environment = { for name, value in merge(var.environment...) : name => value if value != null }
}
