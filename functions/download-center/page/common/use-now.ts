import { useEffect, useState } from 'react';
import { serverNow } from './clock.ts';

/** Returns the present instant by the server's clock, in milliseconds, updated at this interval. */
export function useNow(intervalMs: number): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), intervalMs);
    return () => clearInterval(timer);
  }, [intervalMs]);
  return now;
}
