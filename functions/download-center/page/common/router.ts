import { useSyncExternalStore } from 'react';

export type Route = { view: 'list' } | { view: 'details'; id: string } | { view: 'none' };

export const recordPath = (id: string) => `/downloads/${id}`;

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** The id of a record in what somebody typed or pasted: the id itself, or a link with it. */
export function idIn(text: string): string | undefined {
  return ID.exec(text)?.[0].toLowerCase();
}

export function routeOf(path: string): Route {
  if (path === '/') return { view: 'list' };
  const id = path.startsWith('/downloads/') ? idIn(path) : undefined;
  return id === undefined ? { view: 'none' } : { view: 'details', id };
}

/** What an entry of the browser's history keeps. */
interface Entry {
  /** How far its view was scrolled when it was left. */
  scrollY?: number;
  /** What lies over its view; see useOverlay. */
  overlay?: string;
}

const entry = (): Entry => history.state ?? {};

const NAVIGATED = 'navigated';

/** Shows another view, as a step that the browser's Back undoes. What lies over the present view is no place to go back to. */
export function navigate(path: string): void {
  if (location.pathname === '/') listSearch = location.search;
  if (isOverlay()) history.replaceState(null, '', path);
  else {
    history.replaceState({ ...entry(), scrollY }, '');
    history.pushState(null, '', path);
  }
  dispatchEvent(new Event(NAVIGATED));
}

/** Keeps the view's query string up to date, without a step of its own. */
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

/** The path, as it changes. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname);
}

/** The query string, as it changes. */
export function useSearch(): string {
  return useSyncExternalStore(subscribe, () => location.search);
}

let listSearch = '';

/** The list as it was last shown. */
export const listPath = () => `/${listSearch}`;

/** How far the view was scrolled when it was left, if this is it again. */
export const lastScroll = () => entry().scrollY;

/** Of this loading of the page: what lay over it before is not there any more. */
const LOADED = Math.round(performance.timeOrigin);
const stateOf = (overlay: string) => `${overlay} ${LOADED}`;
const isOverlay = () => entry().overlay?.endsWith(` ${LOADED}`) ?? false;

/** From the step back until the browser has taken it. */
let isClosing = false;

/**
 * Something that lies over the view, by its name: it is a step in the browser's history, so that Back closes it, and no more than it.
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
