/** Something on this machine that only its user can mend: print `message`, without a stack, and exit with 1. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
