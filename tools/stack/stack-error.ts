/** Why the system cannot be started, in one line fit for the person at the terminal. */
export class StackError extends Error {
  override readonly name = 'StackError';
}
