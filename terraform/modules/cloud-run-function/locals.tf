locals {
  # From 6 to 30 characters; a hash keeps apart what was cut.
  account_id = length(var.name) <= 27 ? "fn-${var.name}" : "fn-${trimsuffix(substr(var.name, 0, 20), "-")}-${substr(md5(var.name), 0, 6)}"

  environment = { for name, value in merge(var.environment...) : name => value if value != null }
}
