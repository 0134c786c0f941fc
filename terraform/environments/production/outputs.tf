output "system" {
  description = "All outputs of the module: addresses, names, limits, and the secrets to fill."
  value       = module.system
}
