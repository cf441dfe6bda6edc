import type { StageTransitionRefused } from '@tom/contracts/messages';
import type { HandlerContext } from '@tom/messaging';
import { undoOpening } from '@tom/workflow';
import { cancelCaseTasksDraft, caseDrafts } from '../adapters/case-messages.ts';
import { lockCaseOpenedBy, updateCases } from '../adapters/case-table.ts';
import { insertNote } from '../adapters/note-table.ts';
import { observe } from '../adapters/observation-tables.ts';
import { openTemplateTasksOf } from '../adapters/work-projection.ts';

/**
 * A stage that a template asked for came too late or was refused. The case that this very request opened (not one that
 * it joined) is undone: closed as CANCELLED with a note, its tasks cancelled.
 */
export async function onStageTransitionRefused(context: HandlerContext<StageTransitionRefused>): Promise<void> {
  const { tx, now, envelope, emit } = context;
  const { data, causationId } = envelope;
  const codes = {
    from_stage: data.fromStage,
    to_stage: data.toStage,
    current_stage: data.currentStage,
    code: data.code,
  };
  observe(tx, now, [{ envelope, caseId: data.caseId, codes }]);
  if (causationId === undefined) return;
  const opened = await lockCaseOpenedBy(tx, causationId);
  if (!opened || opened.orgId !== data.orgId) return;

  const { decision, note } = undoOpening(opened, envelope.id, data, now);
  const tasks = await openTemplateTasksOf(tx, [opened.caseId]);
  await insertNote(tx, note);
  await updateCases(tx, [decision.next]);
  emit(...caseDrafts(decision.events), cancelCaseTasksDraft(opened, tasks.get(opened.caseId) ?? [], {}));
}
