import { basename } from 'node:path';
import {
  CatalogError,
  diffTemplates,
  readTemplate,
  require as requireRight,
  templateGraph,
  type Problem,
} from '@tom/catalog';
import { DomainError, isUuid } from '@tom/kernel';
import {
  StartTemplateResponse,
  ValidateTemplateResponse,
  type GetCaseFactsResponse,
  type Template as TemplateMessage,
  type TemplateProblem,
  type WorkflowServiceService,
} from '@tom/contracts/tom/workflow/v1/workflow_service';
import type { Handlers } from '@tom/runtime';
import { caseFactsOf } from '../adapters/case-facts.ts';
import { graphMessage } from '../adapters/graph-message.ts';
import { grouped } from '../adapters/grouped.ts';
import { allStored, storedVersion, storedVersions, type StoredTemplate, type Templates } from '../adapters/template-store.ts';
import type { Deps } from '../deps.ts';
import { gatherForStart, startTemplate } from '../use-cases/start-template.ts';
import { validateTemplate } from '../use-cases/validate-template.ts';
import { mustRead } from './cases.ts';
import { once } from './once.ts';
import { checks } from './validate.ts';

type TemplateRpcs = Pick<
  Handlers<typeof WorkflowServiceService>,
  | 'getCaseFacts'
  | 'listTemplates'
  | 'getTemplate'
  | 'getTemplateVersion'
  | 'graphTemplate'
  | 'diffTemplate'
  | 'startTemplate'
  | 'validateTemplate'
  | 'reloadTemplates'
>;

const MAX_ORGS = 200;

export function templateRpcs(deps: Deps): TemplateRpcs {
  const { catalog, database, keeper, templates } = deps;
  const shownTemplate = (stored: readonly StoredTemplate[]) => templateOf(stored, templates);
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
      return { items: [...byKey.values()].flatMap(shownTemplate), problems: keeper.problems().map(problemMessage) };
    },

    async getTemplate({ key }, call) {
      mustRead(deps, call);
      const [template] = isKey(key) ? shownTemplate(await storedVersions(database, key)) : [];
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

    async validateTemplate(request, call) {
      requireRight(catalog.roles, call.caller.roles, 'validate_templates');
      const found = await validateTemplate(deps, request.source);
      // The file is the text that was given: it has no name.
      const problems = found.problems.map((problem) => ({ ...problemMessage(problem), file: undefined }));
      return once(deps, call, request, ValidateTemplateResponse, async () => ({ valid: found.valid, problems }));
    },

    async reloadTemplates(_request, call) {
      requireRight(catalog.roles, call.caller.roles, 'validate_templates');
      const { takenUp, problems } = await keeper.reload();
      const current = templates.current.map(({ key, version }) => ({ key, version }));
      return { takenUp, problems: problems.map(problemMessage), current };
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

/** A problem as the contract shows it; of a file only its name leaves the process. */
function problemMessage({ file, ...problem }: Problem): TemplateProblem {
  return { severity: undefined, ...problem, file: basename(file) };
}

/** No template is named with a NUL, and the database does not take one. */
function isKey(key: string): boolean {
  return !key.includes('\0');
}

/** One template of its versions, the highest of which is the current one. */
function templateOf(stored: readonly StoredTemplate[], templates: Templates): TemplateMessage[] {
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
      retired: templates.isRetired(current.key) || undefined,
      caseType: opens?.caseType,
      engine: opens?.engine,
    },
  ];
}
