import type { MouseEvent, ReactNode } from 'react';
import { navigate } from './router.ts';

/** A link to another view of the page. The browser handles a click with a modifier key, as on any link. */
export function Link({ to, label, children }: { to: string; label?: string; children: ReactNode }) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a href={to} onClick={follow} aria-label={label}>
      {children}
    </a>
  );
}
