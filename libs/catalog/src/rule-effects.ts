import type { Catalog } from './catalog.ts';
import type { EventTypeName } from './event-types.ts';
import type { Looker } from './known-facts.ts';
import type { YamlPath } from './read-yaml.ts';
import type { Template, TemplateAction, TemplateRule } from './template.ts';

/** What looks at events and acts at once: a rule without a waiting, or a trigger. */
export interface Actor {
  readonly template: Template;
  readonly name: string;
  readonly path: YamlPath;
  readonly looker: Looker;
  readonly on: EventTypeName;
  readonly condition: TemplateRule['condition'];
  readonly actions: readonly TemplateAction[];
}

/** An event that an action brings about, as far as it is known beforehand. */
export interface Effect {
  readonly action: TemplateAction['kind'];
  readonly event: EventTypeName;
  /** Fields with the values that they can have; one value: it has that for certain. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** It comes each time that the action is carried out. */
  readonly certain: boolean;
  /** The template in whose case it happens; undefined: at the company. */
  readonly inCaseOf?: string | undefined;
  /** The stage that the company moves to. */
  readonly stage?: string;
  /** The phase that the case goes on to. */
  readonly phase?: string;
  /** The template whose case it opens: one that is open already is joined, and nothing happens. */
  readonly opens?: string;
}

/** The actors of a template; a rule that waits gives the time that ends every race. */
export function actorsOf(template: Template): readonly Actor[] {
  const looker = template.case ? 'case' : 'company';
  const rules = template.rules.flatMap((rule, index): Actor[] => {
    if (rule.after) return [];
    const { key, on, condition, actions } = rule;
    return [{ template, name: key, path: ['rules', index, 'on'], looker, on, condition, actions }];
  });
  if (!template.trigger || template.retired) return rules;
  const { event, condition } = template.trigger;
  const start = { kind: 'start_template', key: template.key } as const;
  return [{ template, name: 'trigger', path: ['trigger', 'event'], looker: 'trigger', on: event, condition, actions: [start] }, ...rules];
}

/** The statuses that a case can come to by work that is added to it or taken from it. */
const BY_WORK = ['NEW', 'IN_PROGRESS', 'WAITING_INTERNAL', 'WAITING_EXTERNAL'];

/** What the actions of one actor bring about. */
export function effectsOf(actor: Actor, templates: ReadonlyMap<string, Template>, catalog: Catalog): readonly Effect[] {
  const { template, looker } = actor;
  const inCaseOf = looker === 'case' ? template.key : undefined;
  const status: Effect = { action: 'create_task', event: 'CaseStatusChanged', fields: { status: BY_WORK }, certain: false, inCaseOf };
  return actor.actions.flatMap((action): readonly Effect[] => {
    switch (action.kind) {
      case 'create_task': {
        const fields = { ...fieldsOfTask(action.task), task_key: [actor.name] };
        const created: Effect = { action: action.kind, event: 'TaskCreated', fields, certain: true, inCaseOf };
        return inCaseOf === undefined ? [created] : [created, status];
      }
      case 'cancel_tasks': {
        const fields = { origin: ['TEMPLATE'], ...(action.types && { task_type: action.types }) };
        return [
          { action: action.kind, event: 'TaskCancelled', fields, certain: false, inCaseOf },
          { ...status, action: action.kind },
        ];
      }
      case 'request_transition':
        return movesTo(action.kind, action.to, templates, catalog);
      case 'start_template': {
        const started = templates.get(action.key);
        return started ? openingOf(action.kind, started, templates, catalog) : [];
      }
      case 'move_phase': {
        const { to } = action;
        const isFree = !owesOutputs(template, catalog);
        return [{ action: action.kind, event: 'CasePhaseChanged', fields: { phase: [to] }, certain: isFree, inCaseOf, phase: to }];
      }
      case 'escalate':
        return [
          { action: action.kind, event: 'CaseEscalated', fields: { reason: [action.reason] }, certain: false, inCaseOf },
          { ...status, action: action.kind, fields: { status: ['ESCALATED'] } },
        ];
      // Nothing that a rule can name follows from the others.
      default:
        return [];
    }
  });
}

/** Whether a case of the template may have to wait for outputs before it leaves a phase. */
function owesOutputs({ case: opened, requiredOutputs }: Template, { engines }: Catalog): boolean {
  const own = engines.get(opened?.engine ?? '')?.phases.flatMap(({ outputs }) => outputs) ?? [];
  return [...own, ...requiredOutputs].some(({ mandatory }) => mandatory);
}

function fieldsOfTask(task: { readonly taskType: string; readonly queue: string; readonly role: string; readonly priority: string }) {
  return {
    task_type: [task.taskType],
    queue: [task.queue],
    role: [task.role],
    origin: ['TEMPLATE'],
    priority: [task.priority],
  };
}

function movesTo(
  action: Effect['action'],
  stage: string,
  templates: ReadonlyMap<string, Template>,
  { stages }: Catalog,
): readonly Effect[] {
  const isCertain = stages.transitions.filter(({ to }) => to === stage).some(({ guard }) => guard.length === 0);
  const closings = [...templates.values()].flatMap((template): Effect[] => {
    const outcomes = template.completion.filter((one) => one.stage === stage).map(({ outcome }) => outcome);
    if (outcomes.length === 0) return [];
    const fields = { case_type: [template.case?.caseType ?? ''], outcome_code: outcomes };
    return [{ action, event: 'CaseClosed', fields, certain: false, inCaseOf: template.key, stage }];
  });
  return [{ action, event: 'OrgStageChanged', fields: { to_stage: [stage] }, certain: isCertain, stage }, ...closings];
}

function openingOf(
  action: Effect['action'],
  template: Template,
  templates: ReadonlyMap<string, Template>,
  catalog: Catalog,
): readonly Effect[] {
  if (!template.case) return [];
  const { caseType, engine, phase } = template.case;
  const opening = { action, certain: false, inCaseOf: template.key, opens: template.key } as const;
  const fields = { case_type: [caseType], engine: [engine], phase: [phase], template: [template.key] };
  return [
    { ...opening, event: 'CaseOpened', fields },
    ...template.tasks.map((task): Effect => ({ ...opening, event: 'TaskCreated', fields: { ...fieldsOfTask(task), task_key: [task.key] } })),
    ...(template.transition ? movesTo(action, template.transition.to, templates, catalog) : []),
  ];
}
