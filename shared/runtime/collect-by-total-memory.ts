import { setFlagsFromString } from 'node:v8';

/**
 * Imported first by the functions that move bytes. V8 starts a full garbage collection whenever about 16 MiB of buffers
 * have been allocated and dropped, however small the heap is. A stream of gigabytes then spends a third of its
 * processor time marking the same objects over and over. With these flags, buffers count like other memory, and a
 * collection starts when the total is three times what the last one left. Less frequent collections would cost memory
 * and save nothing more. Memory that need not wait for a collection is released explicitly: see release.ts.
 */
setFlagsFromString('--external-memory-accounted-in-global-limit');
setFlagsFromString('--heap-growing-percent=200');
