import { Parser } from '@asyncapi/parser';
import { messageTypes, topics } from '@tom/contracts';
import { expect, it } from 'vitest';
import { asyncApiDocument } from '../src/asyncapi.ts';

it('is a valid AsyncAPI 3 document with every topic and message', async () => {
  const document = asyncApiDocument();
  const { document: parsed, diagnostics } = await new Parser().parse(JSON.stringify(document));
  // 3.0 is what tools read today; the parser would rather have 3.1.
  const problems = diagnostics.filter(({ code }) => code !== 'asyncapi-latest-version');
  expect(problems.map(({ code, message, path }) => `${code}: ${message} at ${path.join('.')}`)).toEqual([]);
  expect(parsed?.channels().all().map((channel) => channel.id()).sort()).toEqual([...topics, 'deadLetters'].sort());
  const told = parsed?.channels().all().flatMap((channel) => channel.messages().all().map((message) => message.name())) ?? [];
  expect(told.sort()).toEqual([...messageTypes.keys(), 'DeadLetter'].sort());
});

it('says of a field what consumers check: presence, form, length and values', () => {
  const { components } = asyncApiDocument();
  expect(components.messages['tom.task.v1.TaskClaimed']?.payload).toEqual({ $ref: '#/components/schemas/tom.task.v1.TaskClaimed' });
  expect(components.schemas['tom.task.v1.TaskClaimed']).toMatchObject({
    properties: { task: { $ref: '#/components/schemas/tom.task.v1.Task' } },
    required: ['task'],
  });
  expect(components.schemas['tom.task.v1.Task']).toMatchObject({
    description: 'The unit of work that somebody does, as events carry it.',
    properties: {
      title: { type: 'string', minLength: 1, maxLength: 300 },
      priority: { enum: ['LOW', 'NORMAL', 'HIGH', 'URGENT'] },
      dueIsEndOfDay: { description: expect.stringContaining('end of a working day') as string },
    },
    required: expect.arrayContaining(['taskId', 'title']) as string[],
  });
});
