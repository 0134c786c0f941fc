import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { type DemoData, type DemoOptions, loadDemoData } from '../demo-data/load-demo-data.ts';
import { type LocalCloud, startLocalCloud } from '../local-cloud/local-cloud.ts';
import { type LocalMariaDb, startMariaDb } from '../local-servers/mariadb.ts';
import { type LocalRedis, startRedis } from '../local-servers/redis.ts';
import { runFolder } from '../local-servers/run-folder.ts';
import { ensurePage } from '../page/ensure-page.ts';
import { projectRoot } from '../setup/local-folder.ts';
import { callerCheck } from './caller-check.ts';
import { type Deployment, databaseUrl, localDeployments, type WebhookEndpoint } from './deployments.ts';
import { type Built, type FunctionProcess, startFunction } from './function-process.ts';
import { publicTarget, startGateway } from './gateway.ts';
import { AUDIENCE, INVOKER } from './names.ts';
import { claimsOf, type LocalPerson } from './person.ts';
import { provision } from './provision.ts';
import { startScheduler } from './scheduler.ts';
import { SESSION_SECONDS, startSignIn } from './sign-in.ts';

export interface LocalSystemOptions {
  /** Part of the name of its folder. */
  purpose: string;
  /** The port of the public origin; 0, the default, selects a free one. */
  port?: number;
  demo?: DemoOptions;
  /** The speed of Cloud Tasks' clock: with 20, a minute passes in three seconds. */
  clockSpeed?: number;
  bufferPoolMiB?: number;
  /** The receivers of webhooks; none by default. */
  webhooks?: readonly WebhookEndpoint[];
  /** The built functions; by default they are bundled from the current sources. */
  built?: Built;
  /** Changes a function's deployment: tests put proxies between a function and the servers that it calls. */
  adjust?: (deployment: Deployment) => Promise<Deployment>;
  /** Aborts the start between two steps. */
  signal?: AbortSignal;
  /** Called at the beginning of each step. */
  onStep?: (step: string) => void;
}

/** The whole system on this machine: MariaDB, Redis, the local cloud, and each function in its own process. */
export interface LocalSystem {
  /** The public origin. */
  readonly origin: string;
  readonly cloud: LocalCloud;
  readonly mariaDb: LocalMariaDb;
  readonly redis: LocalRedis;
  readonly demo: DemoData;
  readonly functions: ReadonlyMap<string, FunctionProcess>;
  /** The folder of the functions' logs. */
  readonly logFolder: string;
  /** The development sign-in page; `?to=` is the path to return to. */
  readonly signInUrl: string;
  /** A development token of the local issuer. */
  token(person: LocalPerson): Promise<string>;
  /** Runs the sweeper now. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a local system. If a part fails to start, it stops the others and throws. */
export async function startLocalSystem(options: LocalSystemOptions): Promise<LocalSystem> {
  const { purpose, port = 0, demo: demoOptions, clockSpeed = 1, bufferPoolMiB, webhooks = [] } = options;
  const adjust = options.adjust ?? (async (deployment: Deployment) => deployment);
  const step = (name: string) => {
    options.signal?.throwIfAborted();
    options.onStep?.(name);
  };
  const cleanUps: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  };
  const keep = <T>(thing: T, cleanUp: (thing: T) => Promise<unknown>): T => {
    cleanUps.push(() => cleanUp(thing));
    return thing;
  };
  try {
    const folder = keep(await runFolder(purpose), (made) => made.remove()).path;
    // The path of a socket is limited to 107 bytes, and a checkout's may be long.
    const sockets = keep(await mkdtemp(join(tmpdir(), 'rdc-')), (path) => rm(path, { recursive: true, force: true }));

    step('MariaDB, Redis and the local cloud; building the functions, and the page if it has changed');
    const [mariaDb, redis, cloud, built] = await allSettled([
      startMariaDb({ dir: join(folder, 'mariadb'), ...(bufferPoolMiB ? { bufferPoolMiB } : {}) }).then((db) =>
        keep(db, () => db.stop()),
      ),
      startRedis({ dir: join(folder, 'redis') }).then((redis) => keep(redis, () => redis.stop())),
      startLocalCloud({ dataDir: join(folder, 'cloud'), clockSpeed }).then((cloud) => keep(cloud, () => cloud.close())),
      options.built ?? bundled(join(folder, 'bundle')),
      ensurePage(),
    ]);

    step('the demo data');
    const demo = await loadDemoData(mariaDb, demoOptions);
    await applySchema(mariaDb);

    step('the functions');
    const functions = new Map<string, FunctionProcess>();
    const logFolder = join(folder, 'functions');
    await mkdir(logFolder);
    const checkCaller = callerCheck(cloud.issuer, INVOKER);
    const internal = keep(
      await startGateway(0, async ({ url = '/', headers }) => {
        const name = url.slice(1);
        const started = functions.get(name);
        if (!started) return 404;
        const authorization = await checkCaller(headers.authorization, internalUrl(name));
        return authorization === undefined ? 403 : { socketPath: started.socketPath, path: '/', authorization };
      }),
      (gateway) => gateway.close(),
    );
    const internalUrl = (name: string) => `${internal.url}/${name}`;
    const origin = keep(
      await startGateway(port, async ({ method = 'GET', url = '/' }) => {
        const started = functions.get(publicTarget(method, url));
        return started ? { socketPath: started.socketPath, path: url } : 404;
      }),
      (gateway) => gateway.close(),
    );
    const signIn = keep(
      await startSignIn((person) =>
        cloud.issuer.mintToken(claimsOf(person), { audience: AUDIENCE, expiresIn: SESSION_SECONDS }),
      ),
      (running) => running.close(),
    );
    const deployments = localDeployments({
      cloudEnv: cloud.env,
      tracesEndpoint: cloud.traces.endpoint,
      issuer: cloud.issuer,
      signIn,
      redisUrl: redis.url,
      recordDatabaseUrl: databaseUrl(demo.recordStore),
      logins: demo.logins,
      internalUrl,
      origin: origin.url,
      webhooks,
    });
    await allSettled([
      provision(cloud, Object.keys(demo.logins), internalUrl),
      ...deployments.map(async (deployment) => {
        const started = await startFunction(await adjust(deployment), { built, folder: logFolder, sockets });
        functions.set(
          started.name,
          keep(started, (running) => running.stop()),
        );
      }),
    ]);
    signIn.setPublicOrigin(origin.url);
    const scheduler = keep(startScheduler(internalUrl('sweep'), cloud.issuer, INVOKER), async (running) =>
      running.stop(),
    );
    return {
      origin: origin.url,
      signInUrl: signIn.url,
      cloud,
      mariaDb,
      redis,
      demo,
      functions,
      logFolder,
      token: (person) => cloud.issuer.mintToken(claimsOf(person), { audience: AUDIENCE }),
      sweep: () => scheduler.runNow(),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Bundles the functions for this run alone, so that changes of the sources do not affect it. */
async function bundled(folder: string): Promise<Built> {
  await promisify(execFile)(process.execPath, [join(projectRoot, 'functions/bundle.ts'), folder]);
  return { folder: projectRoot, source: join(folder, 'index.mjs') };
}

/** Like Promise.all, but settles only when every promise has, so that whatever they started can be stopped. */
async function allSettled<T extends readonly unknown[] | []>(
  promises: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

async function applySchema(mariaDb: LocalMariaDb): Promise<void> {
  const schema = await readFile(join(projectRoot, 'infra/schemas/plt_basic.sql'), 'utf8');
  const connection = await createConnection({
    host: mariaDb.host,
    port: mariaDb.port,
    ...mariaDb.root,
    multipleStatements: true,
  });
  await connection.query(schema);
  await connection.end();
}
