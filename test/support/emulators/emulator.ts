import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { findProgram } from '../../../infra/setup/find-program.ts';

/** The programs of one of Google's emulators: Java, and a jar of the Google Cloud SDK. */
export interface Emulator {
  readonly java: string;
  readonly jar: string;
}

/**
 * Finds the first jar whose file name matches `name` in a folder of gcloud's SDK, or of an SDK in a usual place.
 * Returns undefined if the jar or Java is not installed.
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
