import { useMeta } from '../../api/index.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { wordOf } from './parts-of.ts';
import type { TemplateNode } from './queries.ts';
import { texts } from './texts.ts';

/** Parts of a template in the words of people. */
export function useWords() {
  const say = useTexts(texts);
  const text = useSystemText();
  const { queues, stages, priorities } = useMeta();
  const queue = (code: string) => text(queues.find((each) => each.queue === code)?.label) || code;
  const stage = (code: string) => text(stages.find((each) => each.stage === code)?.label) || code;
  const codeIn = (codes: readonly { readonly code: string; readonly label: { readonly de: string; readonly en: string } }[], code: string) => text(codes.find((each) => each.code === code)?.label) || code;
  const name = (part: TemplateNode) => text(part.label) || part.name;
  const delay = (value: unknown) => {
    const [[unit, amount] = ['', 0]] = Object.entries((value ?? {}) as Readonly<Record<string, unknown>>);
    const count = Number(amount);
    if (unit === 'working_days') return say('delayWorkingDays', { count });
    if (unit === 'hours') return say('delayHours', { count });
    if (unit === 'seconds') return say('delaySeconds', { count });
    if (unit === 'minutes') return say('delayMinutes', { count });
    return say('delayDays', { count });
  };
  /** When a rule looks. */
  const occasion = ({ detail }: TemplateNode) => {
    const event = wordOf(detail['on']);
    return detail['after'] === undefined ? say('onEvent', { event }) : say('afterDelay', { delay: delay(detail['after']), event });
  };
  const condition = ({ detail }: TemplateNode) => (detail['condition'] === undefined ? undefined : say('when', { condition: wordOf(detail['condition']) }));
  const action = (part: TemplateNode): string => {
    const { detail } = part;
    if (part.kind === 'transition') return say('moves', { stage: name(part) });
    if (part.kind === 'output') return say('requires', { output: name(part) });
    switch (part.name) {
      case 'create_task': return say('createTask', { task: wordOf(detail['title']) || name(part) });
      case 'request_transition': return say('moves', { stage: stage(wordOf(detail['to'])) });
      case 'cancel_tasks': return say('cancelTasks');
      case 'move_phase': return say('movePhase', { phase: wordOf(detail['to']) });
      case 'start_template': return say('startTemplate', { template: wordOf(detail['key']) });
      case 'add_note': return say('addNote', { body: wordOf(detail['body']) });
      case 'set_priority': return say('setPriority', { priority: codeIn(priorities, wordOf(detail['to'])) });
      case 'escalate': return say('escalate', { reason: wordOf(detail['reason']) });
      default: return say('otherAction', { action: part.name });
    }
  };
  return { queue, stage, name, occasion, condition, action };
}
