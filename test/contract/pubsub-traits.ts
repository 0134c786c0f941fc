/** The requests to Pub/Sub that exceed its limits. */
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

/** The behaviour in which Pub/Sub implementations may differ. */
export interface PubSubTraits {
  /** The excesses that are accepted nevertheless. */
  readonly unlimited: readonly Excess[];
  /** Whether a subscription receives only the messages that match its filter; otherwise it receives all messages. */
  readonly appliesFilters: boolean;
  /**
   * Whether a push carries the identity token that its subscription specifies; otherwise it has no Authorization
   * header.
   */
  readonly identifiesItself: boolean;
  /** Whether a push under a dead-letter policy states its attempt number; otherwise no push does. */
  readonly countsAttempts: boolean;
  /** The statuses that acknowledge a push; after any other status it is retried. */
  readonly acknowledging: readonly number[];
  /**
   * For a backoff of at least 20 ms and at most 50 ms: the minimum wait before each retry, and a limit that the last
   * wait stays below.
   */
  readonly retries: { readonly leastMs: readonly number[]; readonly underMs: number };
}

/** Pub/Sub as its reference documents it. The system relies on this behaviour, and the local server has it as well. */
export const asDocumented: PubSubTraits = {
  unlimited: [],
  appliesFilters: true,
  identifiesItself: true,
  countsAttempts: true,
  acknowledging: [102, 200, 201, 202, 204],
  // If the backoff kept growing, the last wait would be 10 s.
  retries: { leastMs: [20, 40, ...Array(8).fill(50)], underMs: 5000 },
};

/**
 * Google's emulator 0.8.20, with all its known differences. The contract asserts each of them as listed here, so that
 * an emulator that starts to behave like Pub/Sub is noticed, and its line is removed. In everything else it behaves as
 * documented.
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
  // At least one second, then about three seconds each, whatever the backoff.
  retries: { leastMs: [900, 2000, 2000], underMs: 10_000 },
};
