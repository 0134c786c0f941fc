import { LIST_PRICES } from './list-prices.ts';

/** What an instance of a function is made of. */
export interface Machine {
  vcpu: number;
  memoryGib: number;
}

/** A request's time on such an instance. */
export interface Effort extends Machine {
  seconds: number;
}

/** A request's, so far. A clock that was set back makes it no less than nothing. */
export function effortOf(machine: Machine, began: Date, now: Date): Effort {
  return { ...machine, seconds: Math.max(0, now.getTime() - began.getTime()) / 1000 };
}

/** What an export took, as far as it is measured; docs/cost.md says what is not. */
export interface Usage {
  /** query-table's attempts that counted, one per source. */
  sources: readonly Effort[];
  /** aggregate's attempts that shaped keys, and the one that wrote the file. */
  aggregate: readonly Effort[];
  stages: number;
  /** From the request until the file was written. */
  seconds: number;
  /** Of the fan-in's hash. */
  hashBytes: number;
  parts: { count: number; bytes: number };
  file: { bytes: number; days: number };
  recordsInFirestore: boolean;
}

/** US dollars with nine decimals: parts of a small export are millionths of a cent. */
export type Usd = string;

export type DownloadClass = keyof typeof LIST_PRICES.download;

/** An estimate at list prices. `total` is the sum of what stands before it; a download is not part of it. */
export interface Cost {
  /** Date of the list prices. */
  pricesOf: string;
  queries: Usd;
  aggregate: Usd;
  redis: Usd;
  storage: Usd;
  operations: Usd;
  total: Usd;
  /** One download of the file, by where it goes. */
  download: Record<DownloadClass, Usd>;
}

const GIB = 2 ** 30;
const HOUR = 3600;
const DAYS_A_MONTH = 365 / 12;

/** The hash stays so long after its last write. */
export const FAN_IN_KEPT_MS = 10 * 60_000;

/** The sweeper removes the parts a minute after the end, in one of its runs, which come each minute. */
const PARTS_KEPT_SECONDS = 120;

/** create-report and notify answer within the 100 ms that are charged at least. */
const SMALL_REQUEST: Effort = { seconds: 0.1, vcpu: 1, memoryGib: 0.5 };

export function estimateCost(usage: Usage): Cost {
  return costOf(
    {
      queries: effortsUsd(usage.sources),
      aggregate: effortsUsd(usage.aggregate),
      redis: redisUsd(usage),
      storage: storageUsd(usage),
      operations: operationsUsd(usage),
    },
    usage.file.bytes,
  );
}

/** A record on a file that was there already costs nothing but its downloads. */
export function costOfSharing(fileBytes: number): Cost {
  return costOf({ queries: 0, aggregate: 0, redis: 0, storage: 0, operations: 0 }, fileBytes);
}

type Item = 'queries' | 'aggregate' | 'redis' | 'storage' | 'operations';

function costOf(items: Record<Item, number>, fileBytes: number): Cost {
  const nano = (usd: number) => Math.round(usd * 1e9);
  const text = (nanos: number): Usd => (nanos / 1e9).toFixed(9);
  const each = <Name extends string>(amounts: Record<Name, number>) =>
    Object.fromEntries(Object.entries<number>(amounts).map(([name, usd]) => [name, text(nano(usd))])) as Record<
      Name,
      Usd
    >;
  const { sameRegion, worldwide, china, australia } = LIST_PRICES.download;
  const gib = fileBytes / GIB;
  return {
    pricesOf: LIST_PRICES.date,
    ...each(items),
    // Of the rounded ones, so that it is their sum to the last digit.
    total: text(Object.values(items).reduce((sum, usd) => sum + nano(usd), 0)),
    download: each({
      sameRegion: gib * sameRegion,
      worldwide: gib * worldwide,
      china: gib * china,
      australia: gib * australia,
    }),
  };
}

/** Charged by 100 ms begun. */
function effortsUsd(efforts: readonly Effort[]): number {
  const { vcpuSecond, gibSecond } = LIST_PRICES.cloudRun;
  return efforts.reduce(
    (sum, { seconds, vcpu, memoryGib }) =>
      sum + (Math.ceil(seconds * 10) / 10) * (vcpu * vcpuSecond + memoryGib * gibSecond),
    0,
  );
}

function redisUsd({ hashBytes, seconds }: Usage): number {
  const hours = (seconds + FAN_IN_KEPT_MS / 1000) / HOUR;
  return (hashBytes / GIB) * hours * LIST_PRICES.redis.gibHour;
}

function storageUsd({ parts, file, seconds }: Usage): number {
  const partDays = (seconds + PARTS_KEPT_SECONDS) / (24 * HOUR);
  const gibDays = (parts.bytes * partDays + file.bytes * file.days) / GIB;
  return (gibDays / DAYS_A_MONTH) * LIST_PRICES.storage.gibMonth;
}

/** What is charged by the piece: requests and their small functions, objects, messages, tasks, the record's reads and writes. */
function operationsUsd(usage: Usage): number {
  const { stages, parts, recordsInFirestore } = usage;
  const sources = usage.sources.length;
  // create-report and notify; each source's message; per stage a scheduled look and a wake-up.
  const requests = 2 + sources + 2 * stages;
  // Each part is written and read once; the file is written, and looked at again; the sweeper lists parts and files.
  const written = parts.count + 1 + 2;
  const read = parts.count + 1;
  // A stage's message is published once and delivered to each source's table; then there is the event.
  const messages = stages + sources + 2;
  // A task is created and tried.
  const taskOperations = 2 * 2 * stages;
  // A source's heartbeat writes once a second, and aggregate's reads; the rest are the record's steps from its creation to the end of its leftovers.
  const beats = (efforts: readonly Effort[]) => efforts.reduce((sum, { seconds }) => sum + Math.floor(seconds), 0);
  const writes = 9 + stages + sources + beats(usage.sources);
  const reads = writes + 8 + beats(usage.aggregate);
  const { cloudRun, storage, pubsub, tasks, firestore } = LIST_PRICES;
  return (
    requests * cloudRun.request +
    effortsUsd([SMALL_REQUEST, SMALL_REQUEST]) +
    written * storage.classA +
    read * storage.classB +
    ((messages * 1000) / 1024 ** 4) * pubsub.tib +
    taskOperations * tasks.operation +
    (recordsInFirestore ? reads * firestore.read + writes * firestore.write : 0)
  );
}
