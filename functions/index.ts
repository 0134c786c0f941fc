import { FUNCTIONS } from './manifest.ts';

/**
 * The entry point of every function. The platform has one entry point for everything that is deployed from one source,
 * and sets FUNCTION_TARGET to the function that an instance serves. Only that function is loaded.
 */
const functions = Object.values(FUNCTIONS);
const target = process.env.FUNCTION_TARGET ?? '';
const served = functions.find((candidate) => candidate.target === target);
if (!served) {
  throw new Error(`FUNCTION_TARGET is '${target}', and not one of ${functions.map((one) => one.target).join(', ')}`);
}
await served.load();
