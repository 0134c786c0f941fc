terraform {
  required_version = ">= 1.9"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.50"
    }
  }

  # The bucket is given at init: -backend-config=bucket=BUCKET
  backend "gcs" {
    prefix = "report-download-center/staging"
  }
}

provider "google" {
  project = var.project_id
  region  = var.region
  # Some APIs refuse a person's own credentials that name no project to count the calls to.
  user_project_override = true
  billing_project       = var.project_id
}
