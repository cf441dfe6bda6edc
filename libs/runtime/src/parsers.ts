/** Turns a setting's text into its value; throws an Error whose message completes "must be …". */
export type Parser<T> = (text: string) => T;

const HOST_AND_PORT = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\]):(\d{1,5})$/;

function integer(options: { readonly min?: number; readonly max?: number } = {}): Parser<number> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = options;
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < min || value > max) {
      throw new Error(max === Number.MAX_SAFE_INTEGER ? `an integer from ${min}` : `an integer from ${min} to ${max}`);
    }
    return value;
  };
}

function oneOf<const T extends string>(...choices: readonly T[]): Parser<T> {
  return (text) => {
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined) throw new Error(`one of ${choices.join(', ')}`);
    return choice;
  };
}

function url(...protocols: readonly string[]): Parser<string> {
  return (text) => {
    if (!URL.canParse(text) || (protocols.length > 0 && !protocols.includes(new URL(text).protocol))) {
      throw new Error(
        protocols.length > 0 ? `a URL starting with ${protocols.map((p) => `${p}//`).join(' or ')}` : 'a URL',
      );
    }
    return text;
  };
}

function address(text: string): string {
  const port = HOST_AND_PORT.exec(text)?.[1];
  if (port === undefined || Number(port) > 65_535) throw new Error('host:port');
  return text;
}

/** One address, or those of several instances of a service with commas between them (numbers then, no names). */
function addresses(text: string): string {
  const all = text.split(',').map((one) => address(one.trim()));
  if (all.length > 1 && !all.every((one) => /^\d+\.\d+\.\d+\.\d+:/.test(one))) {
    throw new Error('host:port, or several of the form 10.0.0.1:7101 with commas between them');
  }
  return all.join(',');
}

function list(text: string): readonly string[] {
  const all = text.split(',').map((one) => one.trim());
  if (all.some((one) => one === '')) throw new Error('names with commas between them');
  return all;
}

function flag(text: string): boolean {
  if (/^(1|true|on|yes)$/i.test(text)) return true;
  if (/^(0|false|off|no)$/i.test(text)) return false;
  throw new Error('on or off');
}

/** The usual kinds of settings. */
export const parsers = {
  text: (text: string): string => text,
  path: (text: string): string => text,
  integer,
  port: integer({ min: 0, max: 65_535 }),
  oneOf,
  url,
  postgresUrl: url('postgres:', 'postgresql:'),
  httpUrl: url('http:', 'https:'),
  address,
  addresses,
  list,
  flag,
  logLevel: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
} as const;
