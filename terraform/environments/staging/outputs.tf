output "system" {
  description = "Everything that the module tells: addresses, names, limits, the secrets to fill."
  value       = module.system
}
