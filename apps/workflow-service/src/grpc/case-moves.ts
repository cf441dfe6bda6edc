import {
  CaseView,
  type HandOverCaseRequest,
  type ReturnCaseRequest,
  type WorkflowServiceService,
} from '@tom/contracts/tom/workflow/v1/workflow_service';
import { isDomainError, isUuid } from '@tom/kernel';
import type { CallContext, Handlers } from '@tom/runtime';
import { oneCaseView } from '../adapters/case-view.ts';
import type { Deps } from '../deps.ts';
import { advanceCase } from '../use-cases/advance-case.ts';
import { fulfilRequirement } from '../use-cases/fulfil-requirement.ts';
import { handOverCase, rememberRefusedHandOver } from '../use-cases/hand-over-case.ts';
import { isOfErased } from '../use-cases/know-org.ts';
import { returnToSender } from '../use-cases/return-case.ts';
import { once } from './once.ts';
import { checks, type Checks } from './validate.ts';

type CaseMoveRpcs = Pick<
  Handlers<typeof WorkflowServiceService>,
  'fulfilCaseRequirement' | 'advanceCase' | 'handOverCase' | 'returnCase'
>;

const LONG_TEXT = 10_000;
const SHORT_TEXT = 2_000;
const MAX_ENTRIES = 50;

/** Outputs, phases, hand-overs and returns. */
export function caseMoveRpcs(deps: Deps): CaseMoveRpcs {
  const { catalog } = deps;

  /** The attempt counts although it was refused, and the refusal undid the transaction that it was made in. */
  async function remembering(call: CallContext, caseId: string, work: () => Promise<CaseView>): Promise<CaseView> {
    try {
      return await work();
    } catch (error) {
      if (isDomainError(error) && error.code === 'RULES_UNMET') {
        await deps.database.transaction((tx) => rememberRefusedHandOver(deps, tx, call, caseId));
      }
      throw error;
    }
  }

  return {
    async fulfilCaseRequirement(request, call) {
      const check = checks();
      check.text('value', request.value, { max: LONG_TEXT, required: true });
      check.done();
      const command = { ...request, erased: await isOfErased(deps, call, request.caseId) };
      return once(deps, call, request, CaseView, async (tx) =>
        oneCaseView(deps, tx, await fulfilRequirement(deps, tx, call, command)),
      );
    },

    async advanceCase(request, call) {
      const check = checks();
      const phases = [...catalog.engines.values()].flatMap((engine) => engine.phases.map(({ phase }) => phase));
      check.code('phase', request.phase, phases);
      check.done();
      return once(deps, call, request, CaseView, async (tx) =>
        oneCaseView(deps, tx, await advanceCase(deps, tx, call, request)),
      );
    },

    async handOverCase(request, call) {
      checkHandOver(deps, request);
      const command = { ...request, erased: await isOfErased(deps, call, request.caseId) };
      return remembering(call, request.caseId, () =>
        once(deps, call, request, CaseView, async (tx) =>
          oneCaseView(deps, tx, await handOverCase(deps, tx, call, command)),
        ),
      );
    },

    async returnCase(request, call) {
      const missing = checkReturn(request);
      const command = { ...request, missing, erased: await isOfErased(deps, call, request.caseId) };
      return once(deps, call, request, CaseView, async (tx) =>
        oneCaseView(deps, tx, await returnToSender(deps, tx, call, command)),
      );
    },
  };
}

/** Throws what is wrong with a hand-over before anybody looks at its case. */
export function checkHandOver({ catalog }: Pick<Deps, 'catalog'>, request: HandOverCaseRequest): void {
  const check = checks();
  const { engine, role, queue } = request;
  check.code('engine', engine, catalog.engines.keys());
  const target = catalog.engines.get(engine);
  check.code('role', role, target ? [target.role] : catalog.roles.keys());
  const queues = [...catalog.queues.values()].filter((known) => !target || known.role === target.role);
  check.code('queue', queue, queues.map((known) => known.queue));
  check.text('goal', request.goal, { max: SHORT_TEXT, required: true });
  check.text('context', request.context, { max: LONG_TEXT, required: true });
  list(check, 'openPoints', request.openPoints);
  check.text('recommendation', request.recommendation, { max: SHORT_TEXT, required: true });
  check.done();
}

/** The same for a return; answers what is missing, ids in their one spelling. */
export function checkReturn({ reason, missing }: Pick<ReturnCaseRequest, 'reason' | 'missing'>): readonly string[] {
  const check = checks();
  check.text('reason', reason, { max: SHORT_TEXT, required: true });
  if (missing.length === 0) check.fail('missing', 'is empty', 'at least one output or other words');
  list(check, 'missing', missing);
  check.done();
  return missing.map((entry) => (isUuid(entry) ? entry.toLowerCase() : entry));
}

function list(check: Checks, path: string, entries: readonly string[]): void {
  if (entries.length > MAX_ENTRIES) check.fail(path, 'has too many entries', `at most ${MAX_ENTRIES}`);
  entries.forEach((entry, index) => check.text(`${path}[${index}]`, entry, { max: SHORT_TEXT, required: true }));
}
