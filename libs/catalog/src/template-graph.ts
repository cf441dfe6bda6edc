import type { Text } from '@tom/kernel';
import type { Catalog, Code } from './catalog.ts';
import { readYaml, type Position, type YamlFile, type YamlPath } from './read-yaml.ts';
import { templateSchema, type RawAction, type RawRule, type TemplateFile } from './template-file.ts';

export type TemplateNodeKind = 'trigger' | 'case' | 'transition' | 'task' | 'output' | 'rule' | 'action' | 'completion' | 'stage';

/** One part of a template, and where it stands. */
export interface TemplateNode {
  /** As in `tasks.first_outreach` or `rules.no_activity.do.0`: by name, so the same in every version that has it. */
  readonly id: string;
  readonly kind: TemplateNodeKind;
  /** What the configuration calls its code; absent where that has no words. */
  readonly label?: Text;
  readonly name: string;
  readonly detail: Readonly<Record<string, unknown>>;
  /** Absent for a stage, which stands in another file. */
  readonly range?: { readonly start: Position; readonly end: Position };
}

export type TemplateEdgeKind = 'opens' | 'creates' | 'moves' | 'requires' | 'watches' | 'does' | 'cancels' | 'completes' | 'leads';

export interface TemplateEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: TemplateEdgeKind;
}

export interface TemplateGraph {
  readonly nodes: readonly TemplateNode[];
  readonly edges: readonly TemplateEdge[];
}

/**
 * A template's parts, and what leads to what. It is drawn as written, not as built: a stored version of long ago may name
 * a queue that is no more. Throws CatalogError for what has not the shape of a template; `readTemplate` checks the rest.
 */
export function templateGraph(text: string, catalog: Catalog): TemplateGraph {
  const yaml = readYaml<TemplateFile>({ path: 'template', text }, templateSchema);
  const graph = [...startParts(yaml, catalog), ...workParts(yaml, catalog), ...ruleParts(yaml, catalog), ...endParts(yaml, catalog)];
  const nodes = graph.map(({ node }) => node);
  const edges = graph.flatMap((part) => part.edges);
  const named = new Set(edges.flatMap(({ to }) => (to.startsWith('stage.') ? [to.slice('stage.'.length)] : [])));
  return { nodes: [...nodes, ...[...named].map((stage) => stageNode(stage, catalog))], edges };
}

interface Part {
  readonly node: TemplateNode;
  readonly edges: readonly TemplateEdge[];
}

function startParts(yaml: YamlFile<TemplateFile>, { codes, stages }: Catalog): readonly Part[] {
  const { trigger, case: opened, transition } = yaml.value;
  return [
    ...(trigger
      ? [part({ id: 'trigger', kind: 'trigger', name: trigger.event, detail: trigger, range: sectionRange(yaml, ['trigger']) }, opened ? [edge('trigger', 'case', 'opens')] : [])]
      : []),
    ...(opened
      ? [part({ id: 'case', kind: 'case', name: opened.type, ...labelOf(codes.caseTypes, opened.type), detail: opened, range: sectionRange(yaml, ['case']) })]
      : []),
    ...(transition
      ? [
          part(
            { id: 'transition', kind: 'transition', name: transition.to, ...labelOf(stages.stages, transition.to), detail: transition, range: sectionRange(yaml, ['transition']) },
            [...(opened ? [edge('case', 'transition', 'moves')] : []), edge('transition', `stage.${transition.to}`, 'leads')],
          ),
        ]
      : []),
  ];
}

function workParts(yaml: YamlFile<TemplateFile>, { codes }: Catalog): readonly Part[] {
  const { tasks = [], required_outputs: outputs = [] } = yaml.value;
  return [
    ...tasks.map((task, index) => {
      const id = `tasks.${task.key}`;
      return part(
        { id, kind: 'task', name: task.key, ...labelOf(codes.taskTypes, task.type), detail: task, range: entryRange(yaml, ['tasks', index]) },
        [edge('case', id, 'creates')],
      );
    }),
    ...outputs.map((output, index) => {
      const id = `required_outputs.${output.phase}.${output.key}`;
      return part(
        { id, kind: 'output', name: output.key, label: output.description, detail: output, range: entryRange(yaml, ['required_outputs', index]) },
        [edge('case', id, 'requires')],
      );
    }),
  ];
}

function ruleParts(yaml: YamlFile<TemplateFile>, catalog: Catalog): readonly Part[] {
  const { rules = [], case: opened } = yaml.value;
  return rules.flatMap((rule, index) => {
    const id = `rules.${rule.key}`;
    const { do: actions, key, ...detail } = rule;
    const node: TemplateNode = { id, kind: 'rule', name: key, detail, range: entryRange(yaml, ['rules', index]) };
    return [
      part(node, opened ? [edge('case', id, 'watches')] : []),
      ...actions.map((action, step) => actionPart(yaml, catalog, rule, action, ['rules', index, 'do', step])),
    ];
  });
}

function actionPart(yaml: YamlFile<TemplateFile>, { codes, stages }: Catalog, rule: RawRule, action: RawAction, path: YamlPath): Part {
  const [kind = '', detail] = (Object.entries(action) as [string, Readonly<Record<string, unknown>>][])[0] ?? [];
  const id = `rules.${rule.key}.do.${String(path.at(-1))}`;
  const label = action.create_task
    ? labelOf(codes.taskTypes, action.create_task.type)
    : action.request_transition
      ? labelOf(stages.stages, action.request_transition.to)
      : {};
  const types = action.cancel_tasks?.types;
  const cancelled = action.cancel_tasks ? (yaml.value.tasks ?? []).filter(({ type }) => types?.includes(type) ?? true) : [];
  return part({ id, kind: 'action', name: kind, ...label, detail: detail ?? {}, range: entryRange(yaml, path) }, [
    edge(`rules.${rule.key}`, id, 'does'),
    ...cancelled.map((task) => edge(id, `tasks.${task.key}`, 'cancels')),
    ...(action.request_transition ? [edge(id, `stage.${action.request_transition.to}`, 'leads')] : []),
  ]);
}

function endParts(yaml: YamlFile<TemplateFile>, { codes }: Catalog): readonly Part[] {
  return (yaml.value.completion ?? []).map((completion, index) => {
    const id = `completion.${completion.outcome}`;
    return part(
      { id, kind: 'completion', name: completion.outcome, ...labelOf(codes.outcomeCodes, completion.outcome), detail: completion, range: entryRange(yaml, ['completion', index]) },
      [edge('case', id, 'completes'), ...(completion.stage === undefined ? [] : [edge(id, `stage.${completion.stage}`, 'leads')])],
    );
  });
}

function stageNode(stage: string, { stages }: Catalog): TemplateNode {
  return { id: `stage.${stage}`, kind: 'stage', name: stage, ...labelOf(stages.stages, stage), detail: { stage } };
}

function part(node: Omit<TemplateNode, 'detail'> & { readonly detail: object }, edges: readonly TemplateEdge[] = []): Part {
  return { node: { ...node, detail: { ...node.detail } }, edges };
}

function edge(from: string, to: string, kind: TemplateEdgeKind): TemplateEdge {
  return { from, to, kind };
}

function labelOf(codes: ReadonlyMap<string, Pick<Code, 'label'>>, code: string): { readonly label?: Text } {
  const found = codes.get(code);
  return found ? { label: found.label } : {};
}

/** A section with its name, a line that a reader points at as well. */
function sectionRange(yaml: YamlFile<unknown>, path: YamlPath): { readonly start: Position; readonly end: Position } {
  const { line, column } = yaml.problem(path, '', '', { atKey: true });
  return { start: { line, column }, end: entryRange(yaml, path).end };
}

/** A block ends before the line ends that follow it. */
function entryRange(yaml: YamlFile<unknown>, path: YamlPath): { readonly start: Position; readonly end: Position } {
  const { start, end } = yaml.range(path);
  const lines = yaml.text.split('\n', end.line);
  let [line, column] = [end.line, end.column];
  while (line > start.line && (lines[line - 1] ?? '').slice(0, column - 1).trim() === '') {
    line -= 1;
    column = (lines[line - 1] ?? '').length + 1;
  }
  const shown = (lines[line - 1] ?? '').slice(0, column - 1).trimEnd().length + 1;
  return { start, end: { line, column: Math.max(shown, line === start.line ? start.column : 1) } };
}
