import type { CaseItem } from '../case.ts';
import type { WantedTransition } from '../opening.ts';
import type { RuleTask } from '../rule-effects.ts';
import type { PlayedActivity, PlayedTask } from './company.ts';

/** What every message of a playback carries of its envelope. */
export interface Cause {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  /** The length of the chain of causes behind it; 0 for what a person did. */
  readonly depth: number;
  readonly by?: ByTemplate | undefined;
}

/** The rule of a template that something comes from. */
export interface ByTemplate {
  readonly template: string;
  readonly version: number;
  readonly rule: string;
}

/** A company as OrgCreated and OrgUpdated tell it. */
export interface ToldOrg {
  readonly name?: string | undefined;
  readonly orgKind: string;
}

/** What the owners of companies, activities and tasks tell, as far as workflows care. */
export type ToldEvent =
  | { readonly type: 'OrgCreated' | 'OrgUpdated'; readonly org: ToldOrg }
  | {
      readonly type: 'OrgStageChanged';
      readonly fromStage?: string | undefined;
      readonly toStage: string;
      readonly reasonCode?: string | undefined;
      readonly outcomeCode?: string | undefined;
      readonly caseId?: string | undefined;
    }
  | { readonly type: 'ActivityLogged' | 'ActivityUpdated'; readonly activity: PlayedActivity }
  | { readonly type: 'ActivityDeleted'; readonly activityId: string }
  | { readonly type: TaskEventType; readonly task: PlayedTask };

export const taskEventTypes = [
  'TaskCreated',
  'TaskUpdated',
  'TaskClaimed',
  'TaskReleased',
  'TaskStarted',
  'TaskReassigned',
  'TaskRescheduled',
  'TaskCompleted',
  'TaskCancelled',
  'TaskReopened',
  'TaskBecameOverdue',
] as const;

export type TaskEventType = (typeof taskEventTypes)[number];

/** What workflows themselves tell and ask for. */
export type OwnMessage =
  | { readonly type: 'CaseOpened' | 'CaseClosed'; readonly item: CaseItem }
  | { readonly type: 'CaseReleased'; readonly item: CaseItem; readonly previousOwner: string }
  | { readonly type: 'CasePhaseChanged'; readonly item: CaseItem; readonly previousPhase: string | undefined }
  | { readonly type: 'CaseStatusChanged'; readonly item: CaseItem; readonly previousStatus: string }
  | { readonly type: 'CaseEscalated'; readonly item: CaseItem; readonly reason: string }
  | { readonly type: 'CaseClaimed'; readonly item: CaseItem; readonly roles: readonly string[] }
  | {
      readonly type: 'StageTransitionRefused';
      readonly fromStage: string;
      readonly toStage: string;
      readonly code: string;
      readonly currentStage: string;
      readonly commandId: string;
    }
  | { readonly type: 'CreateTasks'; readonly caseId: string | undefined; readonly tasks: readonly RuleTask[] }
  | { readonly type: 'CancelCaseTasks'; readonly caseId: string; readonly types: readonly string[]; readonly caseGoesOn: boolean }
  | { readonly type: 'CancelOrgTasks' }
  | { readonly type: 'TransitionStage'; readonly wanted: WantedTransition; readonly caseId: string | undefined };

/** Of a command the event that led to it. */
export type Message = Cause & { readonly from?: { readonly id: string; readonly type: string } } & (ToldEvent | OwnMessage);

/** What happened to a case, beside a claim. */
export type CaseEventMessage = Extract<
  Message,
  { readonly type: 'CaseOpened' | 'CaseReleased' | 'CasePhaseChanged' | 'CaseStatusChanged' | 'CaseEscalated' | 'CaseClosed' }
>;

export const commandTypes: ReadonlySet<string> = new Set<OwnMessage['type']>([
  'CreateTasks',
  'CancelCaseTasks',
  'CancelOrgTasks',
  'TransitionStage',
]);

/** Full names of messages: they are part of the ids of what events cause. */
export const fullNames = {
  OrgStageChanged: 'tom.stage.v1.OrgStageChanged',
  StageTransitionRefused: 'tom.stage.v1.StageTransitionRefused',
  TransitionStage: 'tom.stage.v1.TransitionStage',
  TaskCreated: 'tom.task.v1.TaskCreated',
  TaskCancelled: 'tom.task.v1.TaskCancelled',
  CreateTasks: 'tom.task.v1.CreateTasks',
  CancelCaseTasks: 'tom.task.v1.CancelCaseTasks',
  CancelOrgTasks: 'tom.task.v1.CancelOrgTasks',
  CaseOpened: 'tom.workflow.v1.CaseOpened',
  CaseClaimed: 'tom.workflow.v1.CaseClaimed',
  CaseReleased: 'tom.workflow.v1.CaseReleased',
  CasePhaseChanged: 'tom.workflow.v1.CasePhaseChanged',
  CaseStatusChanged: 'tom.workflow.v1.CaseStatusChanged',
  CaseEscalated: 'tom.workflow.v1.CaseEscalated',
  CaseClosed: 'tom.workflow.v1.CaseClosed',
} as const;
