import { assertNever, ids } from '@tom/kernel';
import { addNote, edit, enterPhase, escalateByRule, followedBy, type CaseDecision, type CaseItem, type CaseNoteItem } from './case.ts';
import { textFacts, type Obstacle, type Place } from './look.ts';
import { plannedTask, type OpeningRules, type PlannedTask, type WantedTransition } from './opening.ts';
import type { RuleAction, RuleOfTemplate } from './template.ts';

/** What a rule that fires brings about, in the order of its actions; ids by formula, so that a replay does nothing twice. */
export interface RuleEffects {
  /** What becomes of the case; absent where the rule looks at a company. */
  readonly decision?: CaseDecision | undefined;
  readonly notes: readonly CaseNoteItem[];
  readonly tasks: readonly RuleTask[];
  /** Open tasks of the case's template to be cancelled, by type; undefined: all of them. */
  readonly cancels: readonly { readonly commandId: string; readonly types: readonly string[] | undefined }[];
  readonly transitions: readonly WantedTransition[];
  readonly starts: readonly { readonly key: string; readonly caseId: string; readonly commandId: string }[];
  /** Why attention is demanded, in the rule's words. */
  readonly escalation?: string | undefined;
  /** The first action that could not be carried out, and why. */
  readonly obstacle?: Obstacle | undefined;
}

export interface RuleTask {
  readonly task: PlannedTask;
  readonly assignee: string | undefined;
}

/** The event as far as effects depend on it; `actor` is who is behind it (`user:ida`). */
export interface RuleOccasion {
  readonly eventId: string;
  readonly actor: string;
  readonly now: Date;
  /** A mandatory output of the case's phase is missing. */
  readonly outputsMissing: boolean;
}

/** The default reason of a move, if the table has one. */
type ReasonFor = (from: string, to: string) => string | undefined;

/** Decides what the actions of a rule bring about at its place. */
export function ruleEffects(
  rules: OpeningRules & { readonly reasonFor: ReasonFor },
  template: { readonly key: string },
  rule: RuleOfTemplate,
  { org, item }: Place,
  occasion: RuleOccasion,
): RuleEffects {
  const placeId = item?.caseId ?? org.orgId;
  const { now } = occasion;
  const texts = textFacts(org);
  let decision: CaseDecision | undefined = item && { next: item, events: [] };
  const notes: CaseNoteItem[] = [];
  const tasks: RuleTask[] = [];
  const cancels: { commandId: string; types: readonly string[] | undefined }[] = [];
  const transitions: WantedTransition[] = [];
  const starts: { key: string; caseId: string; commandId: string }[] = [];
  let escalation: string | undefined;
  let obstacle: Obstacle | undefined;
  const change = (what: (item: CaseItem) => CaseDecision): void => {
    decision = decision && followedBy(decision, what);
  };

  function carryOut(action: RuleAction, id: string): void {
    switch (action.kind) {
      case 'request_transition':
        if (action.to === org.currentStage) return;
        transitions.push({
          commandId: id,
          from: org.currentStage,
          to: action.to,
          reason: action.reason ?? rules.reasonFor(org.currentStage, action.to),
        });
        return;
      case 'create_task':
        tasks.push({
          task: plannedTask(rules, texts, id, rule.key, action.task),
          assignee: action.task.toActor ? personOf(occasion.actor) : undefined,
        });
        return;
      case 'cancel_tasks':
        cancels.push({ commandId: id, types: action.types });
        return;
      case 'move_phase':
        if (item?.phase === action.to) return;
        if (occasion.outputsMissing) obstacle ??= 'OUTPUTS_MISSING';
        else change((present) => enterPhase(present, action.to));
        return;
      case 'add_note': {
        const body = action.body.render(texts);
        const note = { noteId: id, caseId: placeId, noteType: 'system', body, createdAt: now, createdBy: `template:${template.key}` };
        notes.push(note);
        change((present) => addNote(present, note));
        return;
      }
      case 'set_priority':
        change((present) => edit(present, { priority: action.to }, `template:${template.key}`, now));
        return;
      case 'escalate':
        change(escalateByRule);
        escalation = action.reason;
        return;
      case 'start_template':
        starts.push({ key: action.key, caseId: ids.case(occasion.eventId, action.key), commandId: id });
        return;
      default:
        return assertNever(action);
    }
  }

  rule.actions.forEach((action, index) => carryOut(action, ids.ruleAction(occasion.eventId, placeId, rule.key, index)));
  return { decision, notes, tasks, cancels, transitions, starts, escalation, obstacle };
}

function personOf(actor: string): string | undefined {
  return actor.startsWith('user:') ? actor.slice('user:'.length) : undefined;
}
