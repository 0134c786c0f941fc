/**
 * Google Cloud's list prices in US dollars, without free tiers and discounts, as known on that date for that region. Cloud Run's, Pub/Sub's and Cloud Storage's (egress to China
 * and Australia excepted) were held against copies of the pages named, which may be older; Memorystore's, Cloud Tasks' and Firestore's were written down from memory. Check them
 * before you rely on a figure, put them right here, and set the date. Records keep the date of the prices that they were estimated by.
 */
export const LIST_PRICES = {
  date: '2026-11-23',
  region: 'europe-west1',

  /** Request-based billing, tier 1. https://cloud.google.com/run/pricing */
  cloudRun: { vcpuSecond: 0.000024, gibSecond: 0.0000025, request: 0.4e-6 },

  /** Memorystore for Redis, Standard tier, capacity M1. https://cloud.google.com/memorystore/docs/redis/pricing */
  redis: { gibHour: 0.064 },

  /** Standard class, one region. Class A: an object is written, or objects are listed; B: one is read. https://cloud.google.com/storage/pricing */
  storage: { gibMonth: 0.02, classA: 0.005e-3, classB: 0.0004e-3 },

  /** Throughput, a kilobyte a message at least. https://cloud.google.com/pubsub/pricing */
  pubsub: { tib: 40 },

  /** An operation creates a task or tries it. https://cloud.google.com/tasks/pricing */
  tasks: { operation: 0.4e-6 },

  /** https://cloud.google.com/firestore/pricing */
  firestore: { read: 0.03e-5, write: 0.09e-5 },

  /** A GiB out of the bucket, first tier (1 TiB a month), by where the one is who downloads. https://cloud.google.com/storage/pricing#network-egress */
  download: { sameRegion: 0, worldwide: 0.12, china: 0.23, australia: 0.19 },
} as const;
