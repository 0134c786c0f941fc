import type { EventType } from '../domain/names.ts';
import type { TerminalStatus } from '../domain/record.ts';

/** Asks the table functions for a stage's sources; the names of the tables asked go along as attributes. */
export interface StageMessage {
  recordId: string;
  stage: number;
  /** Names this dispatch: letters, digits, hyphens. */
  dispatchId: string;
  /** The sources asked for: all of the stage at first, later those that nothing was heard of. */
  sources: { name: string; table: string }[];
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
}

/** Delivers one event to one endpoint. */
export interface WebhookTask {
  event: EventSummary;
  endpointId: string;
  /** When the delivery was first asked for, ISO 8601. */
  since: string;
}

export interface TaskQueue<Task> {
  /** A task of that name that exists, or existed within the hour, is success. */
  enqueue(name: string, task: Task, at?: Date): Promise<void>;
}

export type AggregateQueue = TaskQueue<AggregateTask>;
export type WebhookQueue = TaskQueue<WebhookTask>;

/** What a webhook is made from. */
export interface EventSummary {
  /** The same however often the event is published. */
  id: string;
  type: EventType;
  /** When the status was entered, ISO 8601. */
  time: string;
  recordId: string;
  status: TerminalStatus;
}

/** A record has entered a terminal status: a CloudEvent 1.0. */
export interface ReportEvent {
  specversion: '1.0';
  /** The same however often the event is published. */
  id: string;
  source: string;
  type: EventType;
  /** The record's id. */
  subject: string;
  /** When the status was entered, ISO 8601. */
  time: string;
  datacontenttype: 'application/json';
  /** The record as everybody may see it. */
  data: object;
}

export interface EventPublisher {
  publish(event: ReportEvent): Promise<void>;
}
