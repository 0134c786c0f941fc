/**
 * A problem of this machine that only its user can solve: commands print `message` without a stack, and exit with 1.
 */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
