/** Something around the process prevents its start (port in use, file missing); the message is one line for people. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
