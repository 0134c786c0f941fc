import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tokenMinter } from '../local-cloud/issuer.ts';
import { localFolder } from '../setup/local-folder.ts';
import { SetupError } from '../setup/setup-error.ts';
import type { LocalSystem } from './local-system.ts';
import { AUDIENCE } from './names.ts';
import { claimsOf, type LocalPerson } from './person.ts';

/**
 * What `npm start` writes for `npm run token` and `npm run report`, readable by this user only: the key can sign a
 * token for anybody.
 */
interface RunningSystem {
  origin: string;
  issuer: string;
  privateKey: string;
  /** The URL of the trace collector. */
  collector: string;
}

/** One file per running system, named by its process id. */
const folder = join(localFolder, 'running-systems');
const ownFile = join(folder, `${process.pid}.json`);

/** A working day. */
const TOKEN_SECONDS = 12 * 3600;

/** Lets `npm run token` and `npm run report` find the system. */
export async function publishRunningSystem({ origin, cloud }: LocalSystem): Promise<void> {
  const system: RunningSystem = {
    origin,
    issuer: cloud.issuer.url,
    privateKey: cloud.issuer.serviceAccountKey.private_key,
    collector: cloud.traces.url,
  };
  await mkdir(folder, { recursive: true });
  await writeFile(ownFile, JSON.stringify(system), { mode: 0o600 });
}

export const removeRunningSystem = () => rm(ownFile, { force: true });

export interface FoundSystem extends Pick<RunningSystem, 'origin' | 'collector'> {
  token: (person: LocalPerson) => Promise<string>;
}

/** The system that `npm start` runs in this checkout; if there are several, any of them. */
export async function findRunningSystem(): Promise<FoundSystem> {
  const files = await readdir(folder).catch(() => []);
  const file = files.find((name) => isRunning(Number.parseInt(name, 10)));
  if (!file) throw new SetupError('No system is running here. Start one with:\n\n  npm start\n');
  const { origin, issuer, privateKey, collector } = JSON.parse(
    await readFile(join(folder, file), 'utf8'),
  ) as RunningSystem;
  const mint = tokenMinter(issuer, privateKey);
  return {
    origin,
    collector,
    token: (person) => mint(claimsOf(person), { audience: AUDIENCE, expiresIn: TOKEN_SECONDS }),
  };
}

/** A killed process has not removed its file. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
