import type { EventType } from '../domain/names.ts';
import type { TerminalStatus } from '../domain/record.ts';

/**
 * Requests a stage's sources from the table functions. The names of the requested tables are also message attributes.
 */
export interface StageMessage {
  recordId: string;
  stage: number;
  /** Identifies this dispatch: letters, digits, hyphens. */
  dispatchId: string;
  /** The requested sources: all sources of the stage at first, later those that have not responded. */
  sources: { name: string; table: string }[];
}

export interface StagePublisher {
  /** Resolves once the message is published. */
  publish(message: StageMessage): Promise<void>;
}

/** Wakes the aggregator for a record. */
export interface AggregateTask {
  recordId: string;
  stage: number;
  /** 0 if the last source is done; n for the n-th scheduled look at the stage. */
  attempt: number;
}

/** Delivers one event to one endpoint. */
export interface WebhookTask {
  event: EventSummary;
  endpointId: string;
  /** When the delivery was first requested, ISO 8601. */
  since: string;
}

export interface TaskQueue<Task> {
  /**
   * Creates a task that runs at `at`, or immediately without it. Succeeds if a task of that name exists, or existed
   * within the last hour.
   */
  enqueue(name: string, task: Task, at?: Date): Promise<void>;
}

export type AggregateQueue = TaskQueue<AggregateTask>;
export type WebhookQueue = TaskQueue<WebhookTask>;

/** The data that a webhook is built from. */
export interface EventSummary {
  /** Stays the same if the event is published again. */
  id: string;
  type: EventType;
  /** When the record entered the status, ISO 8601. */
  time: string;
  recordId: string;
  status: TerminalStatus;
}

/** A CloudEvent 1.0: a record has entered a terminal status. */
export interface ReportEvent {
  specversion: '1.0';
  /** Stays the same if the event is published again. */
  id: string;
  source: string;
  type: EventType;
  /** The record's id. */
  subject: string;
  /** When the record entered the status, ISO 8601. */
  time: string;
  datacontenttype: 'application/json';
  /** The record, with only the data that everyone may see. */
  data: object;
}

export interface EventPublisher {
  /** Resolves once the event is published. */
  publish(event: ReportEvent): Promise<void>;
}
