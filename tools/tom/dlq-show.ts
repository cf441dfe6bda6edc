import { deadLetter, parkedKeys } from '@tom/messaging';
import { exactly, type Command } from './command.ts';
import { explain } from './connections.ts';
import { CommandError } from './errors.ts';
import { readReference } from './letter-reference.ts';

export const dlqShow: Command = {
  words: 'dlq show',
  operands: 'REF',
  summary: 'one dead letter with its headers, value and error',
  help: `
Shows a dead letter as it arrived: where from, its headers and value, how often it was tried and why it failed. REF is
as dlq list shows it, such as task-service/17.`,
  options: {},
  async run(call) {
    const { group, id } = readReference(exactly(call, 'dlq show', 'one REF, such as task-service/17'));
    const database = call.connections.database(group);
    try {
      const letter = await deadLetter({ database, group, id });
      if (!letter) throw new CommandError(`there is no dead letter ${group}/${id}: it was redriven or dropped`);
      const line = (await parkedKeys({ database, group })).find(
        ({ topic, key }) => topic === letter.topic && key === letter.key,
      );
      const asked = line?.redriveRequested ?? false;
      return {
        json: { ref: `${group}/${id}`, ...letter, redriveRequested: asked },
        lines: [
          `${group}/${id}  ${letter.reason}, ${letter.attempts} attempt(s), since ${letter.createdAt.toISOString()}`,
          `type      ${letter.type ?? '–'}`,
          `from      ${letter.topic}, partition ${letter.partition}, offset ${letter.offset}`,
          `key       ${letter.key}`,
          `redrive   ${asked ? 'asked for' : 'not asked for'}`,
          '',
          'error',
          ...indented(letter.error),
          '',
          'headers',
          ...Object.entries(letter.headers).map(([name, value]) => `  ${name}: ${value}`),
          '',
          'value',
          ...indented(readable(letter.value)),
        ],
      };
    } catch (error) {
      throw error instanceof CommandError ? error : explain(error, `the database of ${group}`);
    }
  },
};

function indented(text: string): string[] {
  return text.split('\n').map((line) => `  ${line}`);
}

/** JSON in lines; what is none is shown as it is. */
function readable(value: string): string {
  try {
    return JSON.stringify(JSON.parse(value), undefined, 2);
  } catch {
    return value;
  }
}
