terraform {
  required_version = ">= 1.9"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.50"
    }
  }

  # The bucket is set at init: -backend-config=bucket=BUCKET
  backend "gcs" {
    prefix = "report-download-center/production"
  }
}

provider "google" {
  project = var.project_id
  region  = var.region
  # Some APIs refuse the credentials of a person unless they name a project against which the calls are counted.
  user_project_override = true
  billing_project       = var.project_id
}
