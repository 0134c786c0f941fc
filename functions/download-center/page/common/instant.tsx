import { usePageContext } from './page-context.ts';

/**
 * Shows an instant in the person's time zone, to the minute unless `precise`. The tooltip shows the second and the time
 * zone.
 */
export function Instant({ at, precise = false }: { at: string; precise?: boolean }) {
  const { format } = usePageContext();
  return (
    <time dateTime={at} title={`${format.precise(at)} ${format.zone(at)}`}>
      {precise ? format.precise(at) : format.instant(at)}
    </time>
  );
}
