/** What somebody may ask of Pub/Sub beyond its limits. */
export type Excess =
  | 'an unreadable filter'
  | 'a filter of 257 bytes'
  | 'an ack deadline of 9 s'
  | 'an ack deadline of 601 s'
  | 'a backoff of 601 s'
  | 'a least backoff over the most'
  | 'an endpoint that is no URL'
  | '4 delivery attempts'
  | '101 delivery attempts'
  | 'a message over 10,000,000 bytes'
  | 'an attribute over 1,024 bytes'
  | 'an empty message';

/** Where one Pub/Sub may differ from another. */
export interface PubSubTraits {
  /** What is taken all the same. */
  readonly unlimited: readonly Excess[];
  /** A subscription gets what its filter passes; otherwise everything. */
  readonly appliesFilters: boolean;
  /** A push brings the identity token that its subscription asks for; otherwise no Authorization header. */
  readonly identifiesItself: boolean;
  /** A push under a dead-letter policy says which attempt it is; otherwise no push does. */
  readonly countsAttempts: boolean;
  /** The statuses that acknowledge a push; every other has it made again. */
  readonly acknowledging: readonly number[];
  /** With a backoff of 20 ms that may grow to 50 ms: the least that is waited before each retry, and what the last wait does not come to. */
  readonly retries: { readonly leastMs: readonly number[]; readonly underMs: number };
}

/** Pub/Sub as its reference has it, which is what the system relies on, and the local server with it. */
export const asDocumented: PubSubTraits = {
  unlimited: [],
  appliesFilters: true,
  identifiesItself: true,
  countsAttempts: true,
  acknowledging: [102, 200, 201, 202, 204],
  // Growing on, the last wait would be 10 s.
  retries: { leastMs: [20, 40, ...Array(8).fill(50)], underMs: 5000 },
};

/**
 * Google's emulator, 0.8.20: all that it is known to do otherwise. The contract asserts each of these as it is here, so that an emulator that comes to do as Pub/Sub
 * does is noticed, and loses its line. In everything else it does as documented.
 */
export const asGooglesEmulator: PubSubTraits = {
  unlimited: [
    'an unreadable filter',
    'a filter of 257 bytes',
    'an ack deadline of 9 s',
    'a message over 10,000,000 bytes',
    'an attribute over 1,024 bytes',
  ],
  appliesFilters: false,
  identifiesItself: false,
  countsAttempts: false,
  acknowledging: [102, 200, 201, 203, 204],
  // A second at least, and then some three of them, whatever the backoff.
  retries: { leastMs: [900, 2000, 2000], underMs: 10_000 },
};
