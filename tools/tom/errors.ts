/** What was typed cannot be understood: exit code 2, with a pointer to the help. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What was asked for cannot be done, in one line for people: exit code 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
