import { useSurroundings } from './page-context.ts';

/** An instant in the person's zone; the zone is in the tooltip. */
export function Instant({ at }: { at: string }) {
  const { format } = useSurroundings();
  return (
    <time dateTime={at} title={`${format.instant(at)} ${format.zone}`}>
      {format.instant(at)}
    </time>
  );
}
