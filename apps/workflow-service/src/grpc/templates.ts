import { CatalogError, diffTemplates, readTemplate, require as requireRight, templateGraph } from '@tom/catalog';
import { DomainError, isUuid } from '@tom/kernel';
import {
  StartTemplateResponse,
  type GetCaseFactsResponse,
  type Template,
  type WorkflowServiceService,
} from '@tom/contracts/tom/workflow/v1/workflow_service';
import type { Handlers } from '@tom/runtime';
import { caseFactsOf } from '../adapters/case-facts.ts';
import { graphMessage } from '../adapters/graph-message.ts';
import { grouped } from '../adapters/grouped.ts';
import { allStored, storedVersion, storedVersions, type StoredTemplate, type Templates } from '../adapters/template-store.ts';
import type { Deps } from '../deps.ts';
import { gatherForStart, startTemplate } from '../use-cases/start-template.ts';
import { mustRead } from './cases.ts';
import { once } from './once.ts';
import { checks } from './validate.ts';

type TemplateRpcs = Pick<
  Handlers<typeof WorkflowServiceService>,
  'getCaseFacts' | 'listTemplates' | 'getTemplate' | 'getTemplateVersion' | 'graphTemplate' | 'diffTemplate' | 'startTemplate'
>;

const MAX_ORGS = 200;

export function templateRpcs(deps: Deps): TemplateRpcs {
  const { catalog, database, templates } = deps;
  return {
    async getCaseFacts({ orgIds }, call): Promise<GetCaseFactsResponse> {
      const check = checks();
      if (orgIds.length > MAX_ORGS) check.fail('orgIds', 'has too many entries', `at most ${MAX_ORGS}`);
      orgIds.forEach((orgId, index) => check.id(`orgIds[${index}]`, orgId));
      check.done();
      mustRead(deps, call);
      return { facts: await caseFactsOf(deps, database, orgIds) };
    },

    async listTemplates(_request, call) {
      mustRead(deps, call);
      const byKey = grouped((await allStored(database)).map((stored) => [stored.key, stored]));
      return { items: [...byKey.values()].flatMap((stored) => templateOf(stored, templates)) };
    },

    async getTemplate({ key }, call) {
      mustRead(deps, call);
      const [template] = isKey(key) ? templateOf(await storedVersions(database, key), templates) : [];
      if (!template) throw DomainError.notFound('The template');
      return template;
    },

    async getTemplateVersion({ key, version }, call) {
      mustRead(deps, call);
      const stored = isKey(key) ? await storedVersion(database, key, version) : undefined;
      if (!stored) throw DomainError.notFound('The version');
      const { source, loadedAt, runningCases } = stored;
      return { key, version, source, loadedAt: loadedAt.toISOString(), runningCases, graph: graphMessage(templateGraph(source, catalog)) };
    },

    async graphTemplate({ source }, call) {
      requireRight(catalog.roles, call.caller.roles, 'draft_templates');
      try {
        readTemplate(source, 'draft', catalog);
        return graphMessage(templateGraph(source, catalog));
      } catch (error) {
        if (!(error instanceof CatalogError)) throw error;
        return { nodes: [], edges: [], problems: error.problems.map(({ file: _file, ...problem }) => problem) };
      }
    },

    async diffTemplate({ key, from, to }, call) {
      mustRead(deps, call);
      const stored = isKey(key) ? await storedVersions(database, key) : [];
      if (stored.length === 0) throw DomainError.notFound('The template');
      const [before, after] = [from, to].map((version) => {
        const found = stored.find((each) => each.version === version);
        if (!found) throw DomainError.notFound(`Version ${version}`);
        return found.source;
      }) as [string, string];
      const changes = diffTemplates(before, after);
      return { changes: changes.map((change) => ({ before: undefined, after: undefined, ...change })) };
    },

    async startTemplate(request, call) {
      const check = checks();
      if (!isUuid(request.orgId)) check.fail('orgId', 'there is no such company', 'the id of a company');
      check.done();
      const gathered = await gatherForStart(deps, call, request);
      return once(deps, call, request, StartTemplateResponse, (tx) => startTemplate(deps, tx, call, gathered));
    },
  };
}

/** No template is named with a NUL, and the database does not take one. */
function isKey(key: string): boolean {
  return !key.includes('\0');
}

/** One template of its versions, the highest of which is the current one. */
function templateOf(stored: readonly StoredTemplate[], templates: Templates): Template[] {
  const [current] = stored;
  if (!current) return [];
  const versions = stored.map(({ version, loadedAt, runningCases }) => ({
    version,
    loadedAt: loadedAt.toISOString(),
    runningCases,
  }));
  const opens = templates.currentOf(current.key)?.case;
  return [
    {
      key: current.key,
      currentVersion: current.version,
      description: current.description ?? undefined,
      versions,
      caseType: opens?.caseType,
      engine: opens?.engine,
    },
  ];
}
