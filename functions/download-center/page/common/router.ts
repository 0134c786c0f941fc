import { useSyncExternalStore } from 'react';

export type Route = { view: 'list' } | { view: 'details'; id: string } | { view: 'none' };

export const recordPath = (id: string) => `/downloads/${id}`;

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** Finds a record's id in text that a user typed or pasted: the id itself or a link that contains it. */
export function idIn(text: string): string | undefined {
  return ID.exec(text)?.[0].toLowerCase();
}

export function routeOf(path: string): Route {
  if (path === '/') return { view: 'list' };
  const id = path.startsWith('/downloads/') ? idIn(path) : undefined;
  return id === undefined ? { view: 'none' } : { view: 'details', id };
}

/** The state that an entry of the browser's history holds. */
interface Entry {
  /** The scroll position at which the user left the view. */
  scrollY?: number;
  /** The overlay that is open over the view; see useOverlay. */
  overlay?: string;
}

const entry = (): Entry => history.state ?? {};

const NAVIGATED = 'navigated';

/**
 * Shows another view, as a step that the browser's Back button undoes. The step replaces an open overlay, to which Back
 * should not return.
 */
export function navigate(path: string): void {
  if (location.pathname === '/') listSearch = location.search;
  if (isOverlay()) history.replaceState(null, '', path);
  else {
    history.replaceState({ ...entry(), scrollY }, '');
    history.pushState(null, '', path);
  }
  dispatchEvent(new Event(NAVIGATED));
}

/** Updates the view's query string without a history step of its own. */
export function replaceSearch(search: string): void {
  history.replaceState(entry(), '', `${location.pathname}${search}`);
  dispatchEvent(new Event(NAVIGATED));
}

function subscribe(onChange: () => void): () => void {
  const names = ['popstate', NAVIGATED];
  for (const name of names) addEventListener(name, onChange);
  return () => {
    for (const name of names) removeEventListener(name, onChange);
  };
}

/** Returns the current path and follows its changes. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname);
}

/** Returns the current query string and follows its changes. */
export function useSearch(): string {
  return useSyncExternalStore(subscribe, () => location.search);
}

let listSearch = '';

/** Returns the path of the list as it was last shown. */
export const listPath = () => `/${listSearch}`;

/** Returns the scroll position at which the user left the view, if the user has now come back to it. */
export const lastScroll = () => entry().scrollY;

/** Identifies this load of the page: an overlay that was open before a reload no longer exists. */
const LOADED = Math.round(performance.timeOrigin);
const stateOf = (overlay: string) => `${overlay} ${LOADED}`;
const isOverlay = () => entry().overlay?.endsWith(` ${LOADED}`) ?? false;

/** True from the step back until the browser has completed it. */
let isClosing = false;

/**
 * Manages an overlay over the view by its name. An open overlay is a step in the browser's history, so that Back closes
 * it and nothing else.
 */
export function useOverlay(name: string): { isOpen: boolean; open: () => void; close: () => void } {
  const isOpen = useSyncExternalStore(subscribe, () => entry().overlay === stateOf(name));
  const open = () => {
    history.pushState({ overlay: stateOf(name) } satisfies Entry, '');
    dispatchEvent(new Event(NAVIGATED));
  };
  const close = () => {
    if (isClosing || entry().overlay !== stateOf(name)) return;
    isClosing = true;
    addEventListener(
      'popstate',
      () => {
        isClosing = false;
      },
      { once: true },
    );
    history.back();
  };
  return { isOpen, open, close };
}
