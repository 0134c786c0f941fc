import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import type { Report } from '../../shared/catalogue/define-report.ts';
import type { Machine } from '../../shared/domain/cost.ts';
import type { FileDownloadRecord } from '../../shared/domain/record.ts';
import type { Retention } from '../../shared/domain/transitions.ts';
import type { FanIn, FanInState } from '../../shared/ports/fan-in.ts';
import type { Joiner } from '../../shared/ports/joiner.ts';
import type { AggregateQueue, AggregateTask, StagePublisher } from '../../shared/ports/messages.ts';
import type { ObjectStore } from '../../shared/ports/object-store.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';

export interface AggregatePorts {
  reports: Catalogue;
  records: RecordStore;
  fanIn: FanIn;
  objects: ObjectStore;
  joiner: Joiner;
  queue: AggregateQueue;
  publisher: StagePublisher;
  clock: () => Date;
  retention: Retention;
  /** The size of this function's instance. */
  machine: Machine;
  recordsInFirestore: boolean;
}

/** The data that one look at a record works with. */
export interface Look {
  /** When the function started on the task. */
  began: Date;
  task: AggregateTask;
  record: FileDownloadRecord;
  report: Report;
  state: FanInState;
}
