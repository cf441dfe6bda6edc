/** An expression or placeholder that cannot be used: what is wrong, where (0-based, in its text), what was expected. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  readonly offset: number;
  readonly expected: string;

  constructor(message: string, offset: number, expected: string, options?: ErrorOptions) {
    super(message, options);
    this.offset = offset;
    this.expected = expected;
  }
}
