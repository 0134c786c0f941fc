import { usePageContext } from './page-context.ts';

/** An instant in the person's zone, to the minute unless `precise`; the tooltip has the second and the zone. */
export function Instant({ at, precise = false }: { at: string; precise?: boolean }) {
  const { format } = usePageContext();
  return (
    <time dateTime={at} title={`${format.precise(at)} ${format.zone(at)}`}>
      {precise ? format.precise(at) : format.instant(at)}
    </time>
  );
}
