import { ReportActivity } from '@tom/contracts/messages';
import { foreignHeaders, parseHeaders, parseValue, type Envelope, type IncomingMessage } from '@tom/messaging';

/** A report with the message that brought it. */
export interface Report {
  readonly envelope: Envelope<ReportActivity>;
  readonly message: IncomingMessage;
}

/** A report that waited, understood again as it was when it arrived. */
export function readReport(message: IncomingMessage): Report {
  const meta = parseHeaders({ ...message, headers: foreignHeaders(message) });
  return { message, envelope: { ...meta, data: ReportActivity.decode(parseValue(message.value)) } };
}
