import type { Service } from './services.ts';
import type { Command } from './shell.ts';

/** Where a system is deployed. */
export interface Place {
  project: string;
  region: string;
}

/** What builds the images. It runs what every package that is installed brings along: hence no more than bootstrap-commands.ts lets it do. */
export const builderAccount = ({ project }: Place): string => `report-builder@${project}.iam.gserviceaccount.com`;

/**
 * Code, and what belongs to it: nothing that Terraform owns (variables, secrets, scaling, ingress, the service account) is among the flags, and so it stays.
 * Built is with the base image's Node, of which package.json says only from which version on, and by the script `gcp-build`, with the packages for development,
 * which are removed afterwards. The page is built before.
 */
export const deployService = (place: Place, { name, target }: Service, commit: string): Command => [
  ...cloudRun(place, 'deploy', name),
  '--source=.',
  `--function=${target}`,
  '--base-image=nodejs24',
  '--set-build-env-vars=GOOGLE_NODEJS_VERSION=24.x.x',
  `--build-service-account=projects/${place.project}/serviceAccounts/${builderAccount(place)}`,
  `--update-labels=commit=${commit}`,
  '--quiet',
];

/** A rollback has tied the traffic to its revision, and a deployment leaves it there. */
export const followLatest = (place: Place, { name }: Service): Command => [
  ...cloudRun(place, 'services', 'update-traffic', name),
  '--to-latest',
];

/** Succeeds if Terraform has made the service; says which commit is deployed, if one is. */
export const deployedCommit = (place: Place, { name }: Service): Command => [
  ...cloudRun(place, 'services', 'describe', name),
  '--format=value(metadata.labels.commit)',
];

export const servingRevision = (place: Place, { name }: Service): Command => [
  ...cloudRun(place, 'services', 'describe', name),
  '--format=value(status.traffic[0].revisionName)',
];

export const creationOf = (place: Place, revision: string): Command => [
  ...cloudRun(place, 'revisions', 'describe', revision),
  '--format=value(metadata.creationTimestamp)',
];

/** The youngest that was made before, is a deployment's and not Terraform's placeholder, and could serve: the first of its conditions says whether it is ready. */
export const revisionBefore = (place: Place, { name }: Service, creation: string): Command => [
  ...cloudRun(place, 'revisions', 'list'),
  `--service=${name}`,
  `--filter=metadata.creationTimestamp<"${creation}" AND metadata.labels.commit:* AND status.conditions[0].status=True`,
  '--sort-by=~metadata.creationTimestamp',
  '--limit=1',
  '--format=value(metadata.name)',
];

export const serveRevision = (place: Place, { name }: Service, revision: string): Command => [
  ...cloudRun(place, 'services', 'update-traffic', name),
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

/** An ID token by which the account may pass Cloud Run's own check. */
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

/** What all functions are made of, besides their own folders. */
const SHARED = [
  'shared',
  'package.json',
  'package-lock.json',
  '.gcloudignore',
  'functions/index.ts',
  'functions/bundle.ts',
];

export const uncommitted: Command = ['git', 'status', '--porcelain', '--', 'functions', ...SHARED];

/** Succeeds if nothing that the function is made of differs; fails also if the commit is unknown here, or empty. */
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

function cloudRun({ project, region }: Place, ...words: string[]): Command {
  return ['gcloud', 'run', ...words, `--project=${project}`, `--region=${region}`];
}
