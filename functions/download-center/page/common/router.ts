import { useSyncExternalStore } from 'react';

export type Route = { view: 'list' } | { view: 'details'; id: string };

export const recordPath = (id: string) => `/downloads/${id}`;

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** The id of a record in what somebody typed or pasted: the id itself, or a link with it. */
export function idIn(text: string): string | undefined {
  return ID.exec(text)?.[0].toLowerCase();
}

export function routeOf(path: string): Route {
  const id = path.startsWith('/downloads/') ? idIn(path) : undefined;
  return id === undefined ? { view: 'list' } : { view: 'details', id };
}

const NAVIGATED = 'navigated';

/** Shows another view, as a step that the browser's Back undoes. */
export function navigate(path: string): void {
  history.pushState(null, '', path);
  dispatchEvent(new Event(NAVIGATED));
}

function subscribe(onChange: () => void): () => void {
  const names = ['popstate', NAVIGATED];
  for (const name of names) addEventListener(name, onChange);
  return () => {
    for (const name of names) removeEventListener(name, onChange);
  };
}

/** The path, as it changes. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname);
}
