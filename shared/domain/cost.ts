import { LIST_PRICES } from './list-prices.ts';

/** The size of a function's instance. */
export interface Machine {
  vcpu: number;
  memoryGib: number;
}

/** The time that a request takes on such an instance. */
export interface Effort extends Machine {
  seconds: number;
}

/** Returns the effort of a request so far. It is never negative, even if the clock was set back. */
export function effortOf(machine: Machine, began: Date, now: Date): Effort {
  return { ...machine, seconds: Math.max(0, now.getTime() - began.getTime()) / 1000 };
}

/** The resources that an export used, as far as they are measured; docs/cost.md lists what is not. */
export interface Usage {
  /** The attempts of query-table that counted, one per source. */
  sources: readonly Effort[];
  /** The attempts of aggregate that shaped keys, and the one that wrote the file. */
  aggregate: readonly Effort[];
  stages: number;
  /** From the request until the file was written. */
  seconds: number;
  /** The size of the fan-in's hash. */
  hashBytes: number;
  parts: { count: number; bytes: number };
  file: { bytes: number; days: number };
  recordsInFirestore: boolean;
}

/** US dollars with nine decimals: parts of a small export cost millionths of a cent. */
export type Usd = string;

export type DownloadClass = keyof typeof LIST_PRICES.download;

/** An estimate at list prices. `total` is the sum of the items before it; it does not include a download. */
export interface Cost {
  /** The date of the list prices. */
  pricesOf: string;
  queries: Usd;
  aggregate: Usd;
  redis: Usd;
  storage: Usd;
  operations: Usd;
  total: Usd;
  /** The price of one download of the file, by destination. */
  download: Record<DownloadClass, Usd>;
}

const GIB = 2 ** 30;
const HOUR = 3600;
const DAYS_A_MONTH = 365 / 12;

/** The hash is kept for this long after its last write. */
export const FAN_IN_KEPT_MS = 10 * 60_000;

/** The sweeper removes the parts one minute after the record's end, in its next run; it runs every minute. */
const PARTS_KEPT_SECONDS = 120;

/** create-report and notify answer within 100 ms, the minimum that is charged. */
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

/** Returns the cost of a record that shares an existing file: nothing except its downloads. */
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
    // The sum of the rounded items, so that they add up to the last digit.
    total: text(Object.values(items).reduce((sum, usd) => sum + nano(usd), 0)),
    download: each({
      sameRegion: gib * sameRegion,
      worldwide: gib * worldwide,
      china: gib * china,
      australia: gib * australia,
    }),
  };
}

/** Returns the price of the efforts. Each started 100 ms is charged. */
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

/**
 * Returns the price of everything that is charged per unit: requests and their small functions, objects, messages,
 * tasks, and the record's reads and writes.
 */
function operationsUsd(usage: Usage): number {
  const { stages, parts, recordsInFirestore } = usage;
  const sources = usage.sources.length;
  // One request each for create-report and notify, one per source's message, and per stage a scheduled look and a
  // wake-up.
  const requests = 2 + sources + 2 * stages;
  // Each part is written and read once. The file is written once and checked once. The sweeper lists parts and files.
  const written = parts.count + 1 + 2;
  const read = parts.count + 1;
  // A stage's message is published once and delivered to each source's table. The event is published and delivered
  // once.
  const messages = stages + sources + 2;
  // Each task is created once and tried once.
  const taskOperations = 2 * 2 * stages;
  // A source's heartbeat writes once per second, and the heartbeat of aggregate reads once per second. The rest are the
  // record's steps, from its creation to the end of its leftovers.
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
