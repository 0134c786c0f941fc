import type { Service } from './services.ts';
import type { Command } from './shell.ts';

/** The project and the region of a deployed system. */
export interface Location {
  project: string;
  region: string;
}

/**
 * The service account that builds the images. A build runs the scripts of every package that it installs, so the
 * account has no rights but those that bootstrap-commands.ts grants.
 */
export const builderAccount = ({ project }: Location): string => `report-builder@${project}.iam.gserviceaccount.com`;

/**
 * Deploys code alone: no flag sets what Terraform owns (variables, secrets, scaling, ingress, the service account), so
 * gcloud keeps it. The buildpack installs the development dependencies, runs the script `gcp-build`, and removes them;
 * Node is pinned to the base image's major version, since package.json states only a minimum. The page must be built
 * before.
 */
export const deployService = (location: Location, { name, target }: Service, commit: string): Command => [
  ...cloudRun(location, 'deploy', name),
  '--source=.',
  `--function=${target}`,
  '--base-image=nodejs24',
  '--set-build-env-vars=GOOGLE_NODEJS_VERSION=24.x.x',
  `--build-service-account=projects/${location.project}/serviceAccounts/${builderAccount(location)}`,
  `--update-labels=commit=${commit}`,
  '--quiet',
];

/** A rollback pins the traffic to a revision, which a deployment does not undo. */
export const routeToLatest = (location: Location, { name }: Service): Command => [
  ...cloudRun(location, 'services', 'update-traffic', name),
  '--to-latest',
];

/** Prints the deployed commit, if there is one. Fails unless Terraform has created the service. */
export const deployedCommit = (location: Location, { name }: Service): Command => [
  ...cloudRun(location, 'services', 'describe', name),
  '--format=value(metadata.labels.commit)',
];

export const servingRevision = (location: Location, { name }: Service): Command => [
  ...cloudRun(location, 'services', 'describe', name),
  '--format=value(status.traffic[0].revisionName)',
];

export const creationTime = (location: Location, revision: string): Command => [
  ...cloudRun(location, 'revisions', 'describe', revision),
  '--format=value(metadata.creationTimestamp)',
];

/**
 * The latest earlier revision that is a deployment (Terraform's placeholder has no commit) and is ready (its first
 * condition).
 */
export const precedingRevision = (location: Location, { name }: Service, creation: string): Command => [
  ...cloudRun(location, 'revisions', 'list'),
  `--service=${name}`,
  `--filter=metadata.creationTimestamp<"${creation}" AND metadata.labels.commit:* AND status.conditions[0].status=True`,
  '--sort-by=~metadata.creationTimestamp',
  '--limit=1',
  '--format=value(metadata.name)',
];

export const routeToRevision = (location: Location, { name }: Service, revision: string): Command => [
  ...cloudRun(location, 'services', 'update-traffic', name),
  `--to-revisions=${revision}=100`,
];

/** Newest first. */
export const readLogs = (project: string, filter: string, freshness: string): Command => [
  'gcloud',
  'logging',
  'read',
  filter,
  `--project=${project}`,
  `--freshness=${freshness}`,
  '--format=json',
];

export const listUpload: Command = ['gcloud', 'meta', 'list-files-for-upload', '.'];

/** Prints an ID token with which the account passes Cloud Run's IAM check. */
export const identityToken = (account: string, audience: string): Command => [
  'gcloud',
  'auth',
  'print-identity-token',
  `--impersonate-service-account=${account}`,
  `--audiences=${audience}`,
  '--include-email',
];

export const buildPage: Command = ['npm', 'run', 'build'];

export const headCommit: Command = ['git', 'rev-parse', '--short=12', 'HEAD'];

/** The sources that all functions share. */
const SHARED = [
  'shared',
  'package.json',
  'package-lock.json',
  '.gcloudignore',
  'functions/index.ts',
  'functions/manifest.ts',
  'functions/bundle.ts',
];

export const listUncommitted: Command = ['git', 'status', '--porcelain', '--', 'functions', ...SHARED];

/** Succeeds if no source of the function has changed since the commit. Fails if the commit is empty or unknown here. */
export const unchangedSince = (commit: string, { folder }: Service): Command => [
  'git',
  'diff',
  '--quiet',
  commit,
  'HEAD',
  '--',
  `functions/${folder}`,
  ...SHARED,
  ':(exclude,glob)**/*.test.ts',
];

function cloudRun({ project, region }: Location, ...words: string[]): Command {
  return ['gcloud', 'run', ...words, `--project=${project}`, `--region=${region}`];
}
