/**
 * Google Cloud's list prices in US dollars, without free tiers and discounts, as known on `date` for `region`. The
 * prices of Cloud Run, Pub/Sub and Cloud Storage (except egress to China and Australia) were checked against copies of
 * the linked pages, which may be older. The prices of Memorystore, Cloud Tasks and Firestore were written down from
 * memory. Check the prices before you rely on a figure, correct them here, and set the date. Records keep the date of
 * the prices that their estimates used.
 */
export const LIST_PRICES = {
  date: '2026-11-23',
  region: 'europe-west1',

  /** Request-based billing, tier 1. https://cloud.google.com/run/pricing */
  cloudRun: { vcpuSecond: 0.000024, gibSecond: 0.0000025, request: 0.4e-6 },

  /** Memorystore for Redis, Standard tier, capacity M1. https://cloud.google.com/memorystore/docs/redis/pricing */
  redis: { gibHour: 0.064 },

  /**
   * Standard class, one region. Class A: writing an object or listing objects; class B: reading an object.
   * https://cloud.google.com/storage/pricing
   */
  storage: { gibMonth: 0.02, classA: 0.005e-3, classB: 0.0004e-3 },

  /** Throughput, at least one kilobyte per message. https://cloud.google.com/pubsub/pricing */
  pubsub: { tib: 40 },

  /** Creating a task and trying a task are one operation each. https://cloud.google.com/tasks/pricing */
  tasks: { operation: 0.4e-6 },

  /** https://cloud.google.com/firestore/pricing */
  firestore: { read: 0.03e-5, write: 0.09e-5 },

  /**
   * Per GiB out of the bucket, first tier (1 TiB per month), by the downloader's location.
   * https://cloud.google.com/storage/pricing#network-egress
   */
  download: { sameRegion: 0, worldwide: 0.12, china: 0.23, australia: 0.19 },
} as const;
