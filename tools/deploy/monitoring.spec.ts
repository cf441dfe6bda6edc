import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '../..');

/** What an operator looks at first: alerts ask for all of them. */
const first = ['tom_outbox_oldest_seconds', 'tom_consumer_lag', 'tom_dead_letters', 'tom_parked_keys'];
/** Of Prometheus and of kube-state-metrics. */
const foreign = ['up', 'kube_pod_status_ready'];

/** Every metric that a source registers: names of metrics are written out, never put together. */
function registered(): Set<string> {
  const sources = ['apps', 'libs'].flatMap((kind) =>
    readdirSync(join(root, kind), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.parentPath.includes('/src') && /(?<!\.spec)\.ts$/.test(entry.name))
      .filter((entry) => !entry.parentPath.includes('node_modules'))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return new Set(
    sources.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/(?:name: |NAME = |gauge\(|show\()'((?:tom|grpc|http|process|nodejs)_[a-z_]+)'/g)].map(([, name]) => name ?? ''),
    ),
  );
}

/** The metrics of a PromQL expression, those of a histogram by its own name. */
function metricsOf(expression: string): readonly string[] {
  const bare = expression.replace(/"[^"]*"/g, '""').replace(/\{[^}]*\}/g, '{}').replace(/\b(?:by|on|group_left) \([^)]*\)/g, '');
  return [...bare.matchAll(/\b([a-z][a-z_]*)\b(?!\s*\()/g)]
    .map(([, name]) => name ?? '')
    .filter((name) => name.includes('_') || name === 'up')
    .map((name) => name.replace(/_(?:bucket|count|sum)$/, ''));
}

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}
interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string }[];
}

const known = new Set([...registered(), ...foreign]);
const alerts = parse(readFileSync(join(root, 'deploy/alerts.yaml'), 'utf8')) as { groups: readonly { rules: readonly Rule[] }[] };
const rules = alerts.groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(readFileSync(join(root, 'deploy/dashboards/tom-flow.json'), 'utf8')) as { panels: readonly Panel[] };

describe('deploy/alerts.yaml', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))('%s asks for metrics that there are, and says what to do', (_name, rule) => {
    const metrics = metricsOf(rule.expr);
    expect(metrics.length).toBeGreaterThan(0);
    expect(metrics.filter((name) => !known.has(name))).toEqual([]);
    expect(['page', 'ticket']).toContain(rule.labels.severity);
    expect(rule.annotations.summary).toContain('{{');
    expect(rule.annotations.description.length).toBeGreaterThan(20);
  });

  it('watches what is promised: outbox, lag, dead letters, waiting reports, readiness, errors, latency', () => {
    const watched = new Set(rules.flatMap(({ expr }) => metricsOf(expr)));
    expect([...watched]).toEqual(
      expect.arrayContaining([...first, 'tom_outbox_waiting', 'tom_waiting_reports_oldest_seconds', 'grpc_server_seconds', 'kube_pod_status_ready', 'up']),
    );
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });
});

describe('deploy/dashboards/tom-flow.json', () => {
  const charts = dashboard.panels.filter(({ type }) => type !== 'row');

  it.each(charts.map((panel) => [panel.title, panel] as const))('%s shows metrics that there are', (_title, { targets = [] }) => {
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.flatMap(({ expr }) => metricsOf(expr)).filter((name) => !known.has(name))).toEqual([]);
  });

  it('has a place of its own for each panel', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_cell, index) => `${x + (index % w)}/${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});
