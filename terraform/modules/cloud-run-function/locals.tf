locals {
  # An account id has 6 to 30 characters. A longer name is cut, and a hash keeps the cut names distinct.
  account_id = length(var.name) <= 27 ? "fn-${var.name}" : "fn-${trimsuffix(substr(var.name, 0, 20), "-")}-${substr(md5(var.name), 0, 6)}"

  environment = { for name, value in merge(var.environment...) : name => value if value != null }
}
