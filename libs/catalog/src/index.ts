export type {
  ActivityOutcome,
  ActivityType,
  Business,
  CaseType,
  Catalog,
  Code,
  Codes,
  Engine,
  OrgKind,
  OutcomeCode,
  OutputType,
  Phase,
  Priority,
  Queue,
  RequiredOutput,
} from './catalog.ts';
export { CatalogError, type Problem } from './catalog-error.ts';
export { businessCalendar, type Bucket, type BusinessCalendar, type BusinessHours } from './business-calendar.ts';
export { holidaysOf, type Holidays } from './holidays.ts';
export { eventTypes, templateFactSchema, templateTextSchema, type EventTypeName } from './event-types.ts';
export { loadCatalog, readStages } from './load-catalog.ts';
export { readYaml, type Position, type YamlFile, type YamlPath } from './read-yaml.ts';
export { can, require, rights, type Right, type Role, type Roles, type Scope } from './roles.ts';
export { stageFactSchema, type StageFacts } from './stage-facts.ts';
export type { OrgStatus, Reason, Stage, Stages, StageTransition } from './stages.ts';
export { problemsBetween, readTemplate, readTemplateFiles, readTemplates, templateFilesIn } from './read-template.ts';
export {
  outcomeOf,
  type RequestedTransition,
  type RuleTask,
  type Template,
  type TemplateAction,
  type TemplateCase,
  type TemplateCompletion,
  type TemplateDelay,
  type TemplateOutput,
  type TemplateRule,
  type TemplateTask,
} from './template.ts';
export { templateGraph, type TemplateGraph, type TemplateNode } from './template-graph.ts';
export { reportSpan, type ReportSpan } from './report-span.ts';
export { diffTemplates, type TemplateChange } from './template-diff.ts';
