import type { PreviewRequest, WorkflowServiceService } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { DomainError, isDomainError, isUuid, type Violation } from '@tom/kernel';
import type { Handlers } from '@tom/runtime';
import type { Deps } from '../deps.ts';
import { preview, type Intent } from '../use-cases/preview.ts';
import { checkHandOver, checkReturn } from './case-moves.ts';
import { mustRead } from './cases.ts';
import { checks } from './validate.ts';

const MOST_TASKS = 200;

/** What would follow; every signed-in role may ask. */
export function previewRpcs(deps: Deps): Pick<Handlers<typeof WorkflowServiceService>, 'preview'> {
  return {
    async preview(request, call) {
      const check = checks();
      check.id('orgId', request.orgId);
      const intents = intentsOf(deps, request);
      if (intents.length !== 1) {
        const expected = 'exactly one of activity, transition, handover, return, completeTaskIds';
        check.fail('activity', intents.length === 0 ? 'is missing, as everything else' : 'is not alone', expected);
      }
      check.done();
      mustRead(deps, call);
      const [intent] = intents;
      if (!intent) throw new Error('What is asked about was lost');
      return preview(deps, call, request.orgId.toLowerCase(), intent());
    },
  };
}

/** What the request asks about; checked when it is called. */
function intentsOf(deps: Deps, request: PreviewRequest): readonly (() => Intent)[] {
  const { activity, transition, handover, givingBack, completeTaskIds } = request;
  return [
    ...(activity ? [(): Intent => ({ kind: 'activity', fields: activity })] : []),
    ...(transition ? [(): Intent => ({ kind: 'transition', request: transition })] : []),
    ...(handover
      ? [
          (): Intent => {
            placing('handover.', () => checkHandOver(deps, handover));
            return { kind: 'handover', command: handover };
          },
        ]
      : []),
    ...(givingBack
      ? [
          (): Intent => {
            const missing = placing('return.', () => checkReturn(givingBack));
            return { kind: 'return', command: { ...givingBack, missing } };
          },
        ]
      : []),
    ...(completeTaskIds.length > 0 ? [(): Intent => ({ kind: 'tasks', taskIds: tasksOf(completeTaskIds) })] : []),
  ];
}

function tasksOf(taskIds: readonly string[]): readonly string[] {
  const check = checks();
  taskIds.forEach((taskId, index) => {
    if (!isUuid(taskId)) check.fail(`completeTaskIds[${index}]`, 'is not a task of this company', 'the id of one of its tasks');
  });
  if (taskIds.length > MOST_TASKS) check.fail('completeTaskIds', 'has too many entries', `at most ${MOST_TASKS}`);
  check.done();
  return taskIds;
}

function placing<T>(at: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!isDomainError(error) || error.code !== 'INVALID') throw error;
    const violations = (error.details['violations'] ?? []) as readonly Violation[];
    throw DomainError.invalid(violations.map((violation) => ({ ...violation, path: `${at}${violation.path}` })));
  }
}
