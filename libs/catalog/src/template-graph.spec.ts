import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CatalogError } from './catalog-error.ts';
import { loadCatalog } from './load-catalog.ts';
import { templateGraph } from './template-graph.ts';

const config = fileURLToPath(new URL('../../../config', import.meta.url));
const catalog = loadCatalog(config);
const text = readFileSync(join(config, 'workflows', 'qualify_company.yaml'), 'utf8');
const lines = text.split('\n');
const graph = templateGraph(text, catalog);

/** What stands in the range of a part. */
function written(id: string, source = text, drawn = graph): string {
  const range = drawn.nodes.find((node) => node.id === id)?.range;
  if (!range) throw new Error(`${id} has no range`);
  const { start, end } = range;
  const part = source.split('\n').slice(start.line - 1, end.line);
  part[part.length - 1] = (part.at(-1) ?? '').slice(0, end.column - 1);
  part[0] = (part[0] ?? '').slice(start.column - 1);
  return part.join('\n');
}

describe('the graph of a template', () => {
  it('has every part with what the configuration calls it', () => {
    const kinds = graph.nodes.map(({ kind }) => kind);
    const count = (kind: string) => kinds.filter((one) => one === kind).length;
    expect([count('trigger'), count('case'), count('transition'), count('task'), count('rule'), count('action'), count('completion')]).toEqual([
      1, 1, 1, 6, 4, 4, 3,
    ]);
    expect(graph.nodes.find(({ id }) => id === 'completion.QUALIFIED')?.label).toEqual(catalog.codes.outcomeCodes.get('QUALIFIED')?.label);
    expect(graph.nodes.filter(({ kind }) => kind === 'stage').map(({ name }) => name).sort()).toEqual([
      'DISQUALIFIED', 'DORMANT', 'QUALIFIED_LEAD', 'QUALIFYING',
    ]);
    expect(new Set(graph.nodes.map(({ id }) => id)).size).toBe(graph.nodes.length);
  });

  it('leads from the trigger over the case to its tasks, rules, outcomes and stages, and to nothing that is not there', () => {
    expect(graph.edges).toEqual(expect.arrayContaining([
      { from: 'trigger', to: 'case', kind: 'opens' },
      { from: 'case', to: 'tasks.first_outreach', kind: 'creates' },
      { from: 'transition', to: 'stage.QUALIFYING', kind: 'leads' },
      { from: 'case', to: 'rules.no_activity', kind: 'watches' },
      { from: 'rules.no_activity', to: 'rules.no_activity.do.0', kind: 'does' },
      { from: 'case', to: 'completion.DORMANT', kind: 'completes' },
      { from: 'completion.DORMANT', to: 'stage.DORMANT', kind: 'leads' },
    ]));
    const ids = new Set(graph.nodes.map(({ id }) => id));
    expect(graph.edges.filter(({ from, to }) => !ids.has(from) || !ids.has(to))).toEqual([]);
  });

  it('says where each part stands, sections with their name, none with what follows it', () => {
    expect(written('tasks.first_outreach')).toBe(
      ['key: first_outreach', 'type: FIRST_OUTREACH', 'title: Erstkontakt versuchen', 'queue: INSIDE_SALES', 'role: inside_sales', 'due_in_working_days: 2', 'priority: NORMAL'].join('\n    '),
    );
    expect(written('transition')).toBe('transition:\n  to: QUALIFYING\n  reason: CASE_OPENED');
    expect(written('completion.DORMANT')).toBe('outcome: DORMANT\n    stage: DORMANT');
    expect(written('rules.no_activity.do.0')).toBe('escalate: { reason: NO_ACTIVITY }');
    expect(written('trigger').split('\n')[0]).toBe('trigger:');
    expect(written('trigger')).toMatch(/SALES_ACCEPTED'\]\)$/);
    for (const { range } of graph.nodes) {
      if (range) expect(range.end.line).toBeLessThanOrEqual(lines.length);
    }
  });

  it('draws what a rule cancels, and rules that have no case', () => {
    const alone = ['key: alone', 'version: 1', 'description: x', 'rules:', '  - key: r', '    on: OrgStageChanged', '    do: [{ request_transition: { to: DORMANT } }]'].join('\n');
    const drawn = templateGraph(alone, catalog);
    expect(drawn.edges).toEqual([
      { from: 'rules.r', to: 'rules.r.do.0', kind: 'does' },
      { from: 'rules.r.do.0', to: 'stage.DORMANT', kind: 'leads' },
    ]);
    expect(written('rules.r.do.0', alone, drawn)).toBe('{ request_transition: { to: DORMANT } }');
    const rule = '  - key: enough\n    on: ActivityLogged\n    do:\n      - cancel_tasks: { types: [FIRST_OUTREACH] }\n';
    const cancelling = templateGraph(text.replace('rules:\n', `rules:\n${rule}`), catalog);
    expect(cancelling.edges.filter(({ kind }) => kind === 'cancels')).toEqual([
      { from: 'rules.enough.do.0', to: 'tasks.first_outreach', kind: 'cancels' },
    ]);
  });

  it('is refused for a text that has not the shape of a template', () => {
    expect(() => templateGraph('key: x', catalog)).toThrow(CatalogError);
    expect(() => templateGraph('', catalog)).toThrow(CatalogError);
  });
});
