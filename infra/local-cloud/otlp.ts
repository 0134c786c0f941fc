import { fromJSON } from '@grpc/proto-loader';

/** A span as the collector stores it. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  /** e.g. CONSUMER. */
  readonly kind: string;
  /** The `service.name` of the process that sent it. */
  readonly service: string;
  /** Milliseconds since 1970, with fractions. */
  readonly start: number;
  readonly end: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  /** The ids of the linked traces. */
  readonly links: readonly string[];
  readonly failed: boolean;
}

const field = (type: string, id: number) => ({ type, id });
const repeated = (type: string, id: number) => ({ rule: 'repeated', type, id });

/** The part of opentelemetry/proto/collector/trace/v1/trace_service.proto that is read; other fields are skipped. */
const PROTOS = {
  nested: {
    TraceService: {
      methods: {
        Export: { requestType: 'ExportTraceServiceRequest', responseType: 'ExportTraceServiceResponse', comment: '' },
      },
    },
    ExportTraceServiceRequest: { fields: { resourceSpans: repeated('ResourceSpans', 1) } },
    ExportTraceServiceResponse: { fields: {} },
    ResourceSpans: { fields: { resource: field('Resource', 1), scopeSpans: repeated('ScopeSpans', 2) } },
    Resource: { fields: { attributes: repeated('KeyValue', 1) } },
    ScopeSpans: { fields: { spans: repeated('Span', 2) } },
    Span: {
      fields: {
        traceId: field('bytes', 1),
        spanId: field('bytes', 2),
        parentSpanId: field('bytes', 4),
        name: field('string', 5),
        kind: field('SpanKind', 6),
        startTimeUnixNano: field('fixed64', 7),
        endTimeUnixNano: field('fixed64', 8),
        attributes: repeated('KeyValue', 9),
        links: repeated('Link', 13),
        status: field('Status', 15),
      },
    },
    SpanKind: { values: { UNSPECIFIED: 0, INTERNAL: 1, SERVER: 2, CLIENT: 3, PRODUCER: 4, CONSUMER: 5 } },
    Link: { fields: { traceId: field('bytes', 1) } },
    Status: { fields: { code: field('StatusCode', 3) } },
    StatusCode: { values: { UNSET: 0, OK: 1, ERROR: 2 } },
    KeyValue: { fields: { key: field('string', 1), value: field('AnyValue', 2) } },
    AnyValue: {
      oneofs: { value: { oneof: ['stringValue', 'boolValue', 'intValue', 'doubleValue'] } },
      fields: {
        stringValue: field('string', 1),
        boolValue: field('bool', 2),
        intValue: field('int64', 3),
        doubleValue: field('double', 4),
      },
    },
  },
};

interface KeyValue {
  key: string;
  value?: Record<string, string | number | boolean>;
}

interface Request {
  resourceSpans?: {
    resource?: { attributes?: KeyValue[] };
    scopeSpans?: { spans?: Span[] }[];
  }[];
}

interface Span {
  traceId: Buffer;
  spanId: Buffer;
  parentSpanId?: Buffer;
  name: string;
  kind: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: KeyValue[];
  links?: { traceId: Buffer }[];
  status?: { code?: string };
}

const service = fromJSON(PROTOS, { longs: String, enums: String }).TraceService;

/** The spans of an export request (OTLP, protobuf). */
export function spansIn(body: Buffer): CollectedSpan[] {
  const request = (service as unknown as { Export: { requestDeserialize(body: Buffer): Request } }).Export;
  const { resourceSpans = [] } = request.requestDeserialize(body);
  return resourceSpans.flatMap(({ resource, scopeSpans = [] }) => {
    const from = String(attributesOf(resource?.attributes)['service.name']);
    return scopeSpans.flatMap(({ spans = [] }) => spans.map((span) => collected(span, from)));
  });
}

function collected(span: Span, from: string): CollectedSpan {
  return {
    traceId: span.traceId.toString('hex'),
    spanId: span.spanId.toString('hex'),
    parentSpanId: span.parentSpanId?.length ? span.parentSpanId.toString('hex') : undefined,
    name: span.name,
    kind: span.kind,
    service: from,
    start: milliseconds(span.startTimeUnixNano),
    end: milliseconds(span.endTimeUnixNano),
    attributes: attributesOf(span.attributes),
    links: (span.links ?? []).map(({ traceId }) => traceId.toString('hex')),
    failed: span.status?.code === 'ERROR',
  };
}

const milliseconds = (nanoseconds: string) => Number(BigInt(nanoseconds) / 1000n) / 1000;

function attributesOf(pairs: readonly KeyValue[] = []): CollectedSpan['attributes'] {
  return Object.fromEntries(
    pairs.map(({ key, value = {} }) => {
      const [given = ''] = Object.values(value);
      return [key, 'intValue' in value ? Number(given) : given];
    }),
  );
}
