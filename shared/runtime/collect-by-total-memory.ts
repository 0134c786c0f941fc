import { setFlagsFromString } from 'node:v8';

/**
 * Imported first by the functions that move bytes. V8 starts a whole garbage collection whenever 16 MiB or so of buffers have come and gone, however small the heap; a
 * stream of gigabytes then spends a third of its processor time marking the same objects over and over. With these flags buffers count like other memory, and a collection
 * comes when the total is three times what the last one left: a rarer one would cost memory and save nothing more. What need not wait for it is released: see release.ts.
 */
setFlagsFromString('--external-memory-accounted-in-global-limit');
setFlagsFromString('--heap-growing-percent=200');
