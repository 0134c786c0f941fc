/** Asks the table functions for a stage's sources; the names of the tables asked go along as attributes. */
export interface StageMessage {
  recordId: string;
  stage: number;
  /** Names this dispatch: letters, digits, hyphens. */
  dispatchId: string;
  /** The sources asked for: all of the stage at first, later those that nothing was heard of. */
  sources: { name: string; table: string }[];
  /** W3C traceparent of the request that began it all. */
  traceparent?: string;
}

export interface StagePublisher {
  publish(message: StageMessage): Promise<void>;
}

/** Wakes the aggregator for a record. */
export interface AggregateTask {
  recordId: string;
  stage: number;
  /** 0: the last source is done; n: the n-th scheduled look at the stage. */
  attempt: number;
  traceparent?: string;
}

export interface AggregateQueue {
  /** A task of that name that exists, or existed within the hour, is success. */
  enqueue(name: string, task: AggregateTask, at?: Date): Promise<void>;
}
