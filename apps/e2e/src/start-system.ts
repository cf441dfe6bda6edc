import { startStack, type Stack, type StackOptions } from '@tom/tools/stack';

/** The whole system without demo data, on the log that TOM_TRANSPORT names: `postgres` (the default) or `kafka`. */
export function startSystem(options: StackOptions = {}): Promise<Stack> {
  const transport = process.env['TOM_TRANSPORT'] === 'kafka' ? 'kafka' : 'postgres';
  return startStack({ fast: true, demoData: false, transport, ...options });
}
