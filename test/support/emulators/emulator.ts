import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { findProgram } from '../../../infra/setup/find-program.ts';

/** What runs one of Google's emulators: a Java and a jar of the Google Cloud SDK. */
export interface Emulator {
  readonly java: string;
  readonly jar: string;
}

/**
 * The first jar of this name in this folder of gcloud's SDK, or of one in a usual place; undefined where it or Java is
 * not installed.
 */
export function findEmulator(folder: string, name: RegExp): Emulator | undefined {
  const java = findProgram('java');
  const gcloud = findProgram('gcloud');
  const sdks = [
    ...(gcloud ? [dirname(dirname(realpathSync(gcloud)))] : []),
    '/usr/lib/google-cloud-sdk',
    '/opt/google-cloud-sdk',
    join(homedir(), 'google-cloud-sdk'),
  ];
  const [jar] = sdks
    .map((sdk) => join(sdk, 'platform', folder))
    .filter((path) => existsSync(path))
    .flatMap((path) => readdirSync(path).flatMap((file) => (name.test(file) ? [join(path, file)] : [])));
  return java && jar ? { java, jar } : undefined;
}
