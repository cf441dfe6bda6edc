import { useMeta } from '../../api/index.ts';
import { formatDate, useSystemText, useTexts } from '../../i18n/index.ts';
import type { CompanyDifference, SimulationSide } from './draft-calls.ts';
import { texts } from './draft.texts.ts';
import { wordOf } from './parts-of.ts';
import { useWords } from './use-words.ts';

export interface OutcomeLine {
  readonly kind: 'added' | 'removed' | 'changed';
  readonly words: string;
}

/** What a simulation says about a company, in words. */
export function useOutcomeWords() {
  const say = useTexts(texts);
  const text = useSystemText();
  const { queue, stage } = useWords();
  const { caseTypes, outcomeCodes } = useMeta();
  const labelOf = (codes: readonly { readonly code: string; readonly label: { readonly de: string; readonly en: string } }[], code: string) => text(codes.find((each) => each.code === code)?.label) || code;

  const caseWords = (shown: Readonly<Record<string, unknown>>): string => {
    const item = labelOf(caseTypes, wordOf(shown['caseType']));
    if (shown['escalated'] !== undefined) return say('escalated', { case: item, reason: wordOf(shown['escalated']) });
    if (shown['note'] !== undefined) return say('noted', { case: item, note: wordOf(shown['note']) });
    const outcome = wordOf(shown['outcome']);
    return outcome ? say('aCaseEnded', { case: item, outcome: labelOf(outcomeCodes, outcome) }) : say('aCase', { case: item });
  };
  const taskWords = (shown: Readonly<Record<string, unknown>>): string => {
    const values = { task: wordOf(shown['title']) || wordOf(shown['taskType']), queue: queue(wordOf(shown['queue'])) };
    const dueAt = wordOf(shown['dueAt']);
    return dueAt ? say('aTaskDue', { ...values, day: formatDate(new Date(dueAt)) }) : say('aTask', values);
  };
  const moveWords = (shown: Readonly<Record<string, unknown>>): string =>
    say(shown['unmet'] === undefined ? 'moved' : 'refused', { from: stage(wordOf(shown['from'])), to: stage(wordOf(shown['to'])) });

  const sideLines = (kind: OutcomeLine['kind'], { cases, tasks, transitions }: SimulationSide): readonly OutcomeLine[] =>
    [...cases.map(caseWords), ...tasks.map(taskWords), ...transitions.map(moveWords)].map((words) => ({ kind, words }));

  return {
    lines: ({ before, after }: CompanyDifference): readonly OutcomeLine[] => [
      ...(before.stage === after.stage ? [] : [{ kind: 'changed' as const, words: say('stageWas', { before: stage(before.stage), after: stage(after.stage) }) }]),
      ...sideLines('removed', before),
      ...sideLines('added', after),
    ],
    because: ({ because: { event, at, rule } }: CompanyDifference): string => {
      const day = formatDate(new Date(at));
      return rule ? say('becauseRule', { rule, event, day }) : say('becauseEvent', { event, day });
    },
  };
}
