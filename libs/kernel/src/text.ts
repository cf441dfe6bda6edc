/** A text that the system makes itself, in the two languages its users speak. */
export interface Text {
  readonly de: string;
  readonly en: string;
}
