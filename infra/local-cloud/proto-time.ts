/** A google.protobuf.Timestamp or Duration in its wire form. */
export interface ProtoTime {
  seconds: number;
  nanos: number;
}

/** Milliseconds: since the epoch for a Timestamp. */
export const toMs = ({ seconds, nanos }: ProtoTime): number => seconds * 1000 + nanos / 1e6;

export const fromMs = (ms: number): ProtoTime => {
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: Math.floor((ms - seconds * 1000) * 1e6) };
};
