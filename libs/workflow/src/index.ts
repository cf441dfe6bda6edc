export {
  type Actor,
  addNote,
  type CaseDecision,
  type CaseEdit,
  type CaseEvent,
  type CaseItem,
  type CaseNoteItem,
  claim,
  close,
  edit,
  escalate,
  followedBy,
  mustBeOpen,
  mustBeWorkable,
  mustNotBelongToAnother,
  next,
  release,
  withStatus,
} from './case.ts';
export { caseStatus, returnedTooOften, untouched, type WorkFacts } from './case-status.ts';
export { roleOfClaim } from './claim-role.ts';
export { delayed } from './delay.ts';
export { type Evaluation, factsAt, lookAtRule, lookAtTrigger, type Obstacle, type Place, START_RULE } from './look.ts';
export {
  openByPerson,
  openByTemplate,
  type Opening,
  type OpeningRules,
  openingRules,
  type OpeningWishes,
  type PlannedTask,
  requirementsOf,
  type WantedTransition,
  wantedTransition,
} from './opening.ts';
export { isErased, type OrgFacts, wasErased } from './org.ts';
export { advance, fulfil, missingForOutcome, missingOutputs, mustHaveOutputs } from './output.ts';
export type { Output, Requirement } from './requirement.ts';
export { type RuleEffects, ruleEffects, type RuleTask } from './rule-effects.ts';
export {
  claimStages,
  type OpenCase,
  planStageChange,
  stageChangeFields,
  type StageChangePlan,
  stageOnRelease,
} from './stage-change.ts';
export type { CaseTemplate, Facts } from './template.ts';
export {
  type HandOver,
  type HandOverWords,
  type Place as CasePlace,
  type Return,
  returnTarget,
  type Transfer,
} from './transfer.ts';
export {
  activityFields,
  caseFields,
  claimFields,
  closedFields,
  escalatedFields,
  fulfilledFields,
  handedOverFields,
  openedFields,
  phaseFields,
  releasedFields,
  returnedFields,
  statusFields,
  taskEventsOfRules,
  taskFields,
} from './event-fields.ts';
export { concerns, judgeRule, looksAt, restartsOf, RULE_BUDGET, waitingOf } from './rule-look.ts';
export { joinOpenCase, startOrigin } from './start.ts';
export { undoOpening } from './undo-opening.ts';
export {
  type AskedMove,
  caseAtDoor,
  type ClosableCase,
  closedBy,
  type FactsOfMove,
  judgeMove,
  type Judgement,
  notAllowed,
  outcomesOfOtherRows,
  QUALIFY_COMPANY,
} from './stage-door.ts';
export { createPlayback, type Playback, type Told } from './playback/playback.ts';
export { isOpen, openCases, callBackOf, type PlayedActivity, type PlayedTask } from './playback/company.ts';
export { type Message, taskEventTypes, type ToldEvent } from './playback/messages.ts';
export type { Because, Entry, Rulebook } from './playback/run.ts';
export { readTestFile, type TestFile } from './template-tests/file.ts';
export { runTestFile, type TestedCase } from './template-tests/run.ts';
export type { Difference } from './template-tests/compare.ts';
export type { ObservedEvent } from './simulation/observed.ts';
export { createSimulation, type SimulationResult, type Totals } from './simulation/simulation.ts';
export type { Side } from './simulation/compare-outcomes.ts';
export type { Question } from './simulation/simulate-company.ts';
export { changeRules, type NamedText } from './simulation/change-rules.ts';
