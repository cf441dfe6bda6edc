import { describe, expect, it } from 'vitest';
import { parseTopics, readTopics, TopicsFileError } from './topics-file.ts';

const defaults = `defaults: { partitions: 8, replication: 3, minInSync: 2, retentionDays: 30, maxMessageBytes: 1048576, cleanup: delete }`;
const deployed = new URL('../../../deploy/topics.yaml', import.meta.url).pathname;

function problemsOf(text: string): readonly string[] {
  try {
    parseTopics(text);
  } catch (error) {
    if (error instanceof TopicsFileError) return error.problems;
    throw error;
  }
  return [];
}

describe('a file of topics', () => {
  it('gives every topic its settings, and each of its groups a topic for dead letters', () => {
    const text = `${defaults}\ndeadLetters: { partitions: 1 }\ntopics:\n  a.v1: { partitions: 4, consumers: [one, two] }\n  b.v1: { retentionDays: 7 }\n`;
    const common = { replication: 3, minInSync: 2, retentionDays: 30, maxMessageBytes: 1_048_576, cleanup: 'delete' };
    expect(parseTopics(text)).toEqual([
      { name: 'a.v1', partitions: 4, ...common, consumers: ['one', 'two'] },
      { name: 'a.v1.one.dlq', partitions: 1, ...common, consumers: [] },
      { name: 'a.v1.two.dlq', partitions: 1, ...common, consumers: [] },
      { name: 'b.v1', partitions: 8, ...common, retentionDays: 7, consumers: [] },
    ]);
  });

  it('is refused with every mistake and its line', () => {
    const text = `${defaults}
topics:
  a.v1: { partitions: 0, colour: red }
  Big: {}
  c.v1: { consumers: [x, x] }
  d.v1: { retentionDays: 35 }
  e.v1: { replication: 1 }
more: 1
`;
    expect(problemsOf(text)).toEqual([
      'topics.yaml:8: more is not known',
      'topics.yaml:3: topics.a.v1.partitions must be a whole number from 1 to 1000',
      'topics.yaml:3: topics.a.v1.colour is not known',
      'topics.yaml:4: topics.Big must be words of small letters, digits and dashes with dots between them',
      'topics.yaml:5: topics.c.v1.consumers names a group twice',
      'topics.yaml:6: topics.d.v1.retentionDays must be a whole number from 1 to 34',
      'topics.yaml:7: topics.e.v1 minInSync 2 is more than replication 1',
    ]);
  });

  it.each([
    ['a default that lacks', 'defaults: { partitions: 8 }\ntopics: {}', /defaults lacks replication/],
    ['a topic given twice', `${defaults}\ntopics:\n  a.v1: {}\n  a.v1: {}\n`, /unique/],
    ['no topics', defaults, /topics must name topics/],
    ['a text', 'hello', /must have entries/],
    ['nothing', '', /must have entries/],
    ['broken YAML', 'defaults: [', /topics\.yaml/],
  ])('is refused with %s', (_case, text, message) => {
    expect(problemsOf(text).join('\n')).toMatch(message);
  });

  it('says which file cannot be read', () => {
    expect(() => readTopics('/no/such/file')).toThrow(/\/no\/such\/file: ENOENT/);
  });
});

describe('deploy/topics.yaml', () => {
  it('declares the topics of the company, kept for less than the inbox remembers', () => {
    const topics = readTopics(deployed);
    const ours = topics.filter(({ name }) => !name.endsWith('.dlq')).map(({ name }) => name);
    const kinds = ['org', 'activity', 'task'].flatMap((kind) => [`tom.${kind}.events.v1`, `tom.${kind}.commands.v1`]);
    expect(ours.sort()).toEqual([...kinds, 'tom.case.events.v1', 'tom.inbound.v1'].sort());
    for (const topic of topics) expect(topic.retentionDays).toBe(30);
    expect(topics.find(({ name }) => name === 'tom.activity.events.v1.task-service.dlq')?.maxMessageBytes).toBe(4_194_304);
  });
});
