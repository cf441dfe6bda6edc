import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import { deadLetterTopic } from './dead-letters.ts';

/** A topic as it should be; `consumers` are the groups of ours that read it. */
export interface TopicDeclaration {
  readonly name: string;
  readonly partitions: number;
  readonly replication: number;
  readonly minInSync: number;
  readonly retentionDays: number;
  /** Of one message, and of one batch of a sender. */
  readonly maxMessageBytes: number;
  readonly cleanup: 'delete' | 'compact';
  readonly consumers: readonly string[];
}

/** A file of topics that cannot be used; `problems` has one line each, with its place in the file. */
export class TopicsFileError extends Error {
  override readonly name = 'TopicsFileError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`a file of topics without mistakes: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

const MAX_BYTES = 100_000;
/** Longer than this the inbox does not remember, and a replay would be handled twice. */
const INBOX_DAYS = 35;
const NAME = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/;
const GROUP = /^[a-z][a-z0-9-]*$/;
const LONGEST_NAME = 249;

const wholeNumber = (from: number, to: number) => ({
  holds: (value: unknown) => Number.isInteger(value) && (value as number) >= from && (value as number) <= to,
  expected: `a whole number from ${from} to ${to}`,
});
const settings = {
  partitions: wholeNumber(1, 1_000),
  replication: wholeNumber(1, 10),
  minInSync: wholeNumber(1, 10),
  retentionDays: wholeNumber(1, INBOX_DAYS - 1),
  maxMessageBytes: wholeNumber(100_000, 100_000_000),
  cleanup: { holds: (value: unknown) => value === 'delete' || value === 'compact', expected: 'delete or compact' },
} as const;

type Settings = Omit<TopicDeclaration, 'name' | 'consumers'>;
type Entries = Readonly<Record<string, unknown>>;

const isEntries = (value: unknown): value is Entries => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads a file of topics with the dead-letter topics that follow from it; throws a TopicsFileError with every mistake. */
export function readTopics(path: string): readonly TopicDeclaration[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new TopicsFileError([`${path}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`]);
  }
  return parseTopics(text, path);
}

/** The same for a text; `source` is what its lines are named after. */
export function parseTopics(text: string, source = 'topics.yaml'): readonly TopicDeclaration[] {
  if (text.length > MAX_BYTES) throw new TopicsFileError([`${source}: larger than ${MAX_BYTES} bytes`]);
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'core', uniqueKeys: true, lineCounter: lines });
  if (document.errors.length > 0) {
    throw new TopicsFileError(document.errors.map(({ message }) => `${source}: ${message.split('\n')[0]}`));
  }
  const problems: string[] = [];
  const fault = (path: readonly string[], what: string): void => {
    const node = document.getIn(path, true) as { readonly range?: readonly number[] } | undefined;
    const line = node?.range?.[0] === undefined ? '' : `:${lines.linePos(node.range[0]).line}`;
    problems.push(`${source}${line}: ${path.join('.')} ${what}`);
  };
  const root: unknown = document.toJS({ maxAliasCount: 0 });
  if (!isEntries(root)) throw new TopicsFileError([`${source}: must have entries defaults, deadLetters and topics`]);

  for (const name of Object.keys(root)) {
    if (!['defaults', 'deadLetters', 'topics'].includes(name)) fault([name], 'is not known');
  }
  const defaults = readSettings(root['defaults'], ['defaults'], fault);
  for (const name of Object.keys(settings) as (keyof Settings)[]) {
    if (isEntries(root['defaults']) && !(name in root['defaults'])) fault(['defaults'], `lacks ${name}`);
  }
  const dead = { ...defaults, ...readSettings(root['deadLetters'] ?? {}, ['deadLetters'], fault) };
  const declared = root['topics'];
  if (!isEntries(declared)) fault(['topics'], 'must name topics');
  const topics: TopicDeclaration[] = [];
  for (const [name, given] of Object.entries(isEntries(declared) ? declared : {})) {
    const path = ['topics', name];
    if (!NAME.test(name)) fault(path, 'must be words of small letters, digits and dashes with dots between them');
    const { consumers = [], ...own } = isEntries(given) ? given : {};
    if (!isEntries(given)) fault(path, 'must have entries');
    const groups = readConsumers(consumers, path, fault);
    const topic = { name, ...defaults, ...readSettings(own, path, fault), consumers: groups } as TopicDeclaration;
    if (topic.minInSync > topic.replication) fault(path, `minInSync ${topic.minInSync} is more than replication ${topic.replication}`);
    topics.push(topic);
    for (const group of groups) {
      const deadLetter = deadLetterTopic(name, group);
      if (deadLetter.length > LONGEST_NAME) fault(path, `is too long a name: ${deadLetter} has more than ${LONGEST_NAME} characters`);
      topics.push({ name: deadLetter, ...dead, consumers: [] } as TopicDeclaration);
    }
  }
  if (problems.length > 0) throw new TopicsFileError(problems);
  return topics;
}

type Fault = (path: readonly string[], what: string) => void;

function readSettings(given: unknown, path: readonly string[], fault: Fault): Partial<Settings> {
  if (!isEntries(given)) {
    fault(path, 'must have entries');
    return {};
  }
  for (const [name, value] of Object.entries(given)) {
    if (!(name in settings)) fault([...path, name], 'is not known');
    else if (!settings[name as keyof Settings].holds(value)) fault([...path, name], `must be ${settings[name as keyof Settings].expected}`);
  }
  return given;
}

function readConsumers(given: unknown, path: readonly string[], fault: Fault): readonly string[] {
  const isList = Array.isArray(given) && given.every((one) => typeof one === 'string' && GROUP.test(one));
  if (!isList) fault([...path, 'consumers'], 'must be a list of groups');
  const groups = isList ? (given as readonly string[]) : [];
  if (new Set(groups).size < groups.length) fault([...path, 'consumers'], 'names a group twice');
  return groups;
}
