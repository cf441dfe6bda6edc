import { basename } from 'node:path';
import { diffTemplates, require, type Problem, type Template } from '@tom/catalog';
import type { RuleResult } from '@tom/contracts/tom/types/v1/types';
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
import { missingOutputsOf } from '../adapters/case-query.ts';
import { openCasesOfOrgs } from '../adapters/case-table.ts';
import { grouped } from '../adapters/grouped.ts';
import { outputsOfCases } from '../adapters/requirement-table.ts';
import { allStored, storedVersion, storedVersions, type StoredTemplate } from '../adapters/template-store.ts';
import type { Deps } from '../deps.ts';
import type { CaseItem } from '../domain/case.ts';
import { missingForOutcome, unmetOutputs } from '../domain/output.ts';
import { gatherForStart, startTemplate } from '../use-cases/start-template.ts';
import { validateTemplate } from '../use-cases/validate-template.ts';
import { mustRead } from './cases.ts';
import { once } from './once.ts';
import { checks } from './validate.ts';

type TemplateRpcs = Pick<
  Handlers<typeof WorkflowServiceService>,
  'getCaseFacts' | 'listTemplates' | 'getTemplate' | 'getTemplateVersion' | 'diffTemplate' | 'startTemplate' | 'validateTemplate' | 'reloadTemplates'
>;

const MAX_ORGS = 200;

export function templateRpcs(deps: Deps): TemplateRpcs {
  const { database, catalog, templates, keeper } = deps;
  const shownTemplate = (stored: readonly StoredTemplate[]) => templateOf(stored, templates);
  return {
    async getCaseFacts({ orgIds }, call): Promise<GetCaseFactsResponse> {
      const check = checks();
      if (orgIds.length > MAX_ORGS) check.fail('orgIds', 'has too many entries', `at most ${MAX_ORGS}`);
      orgIds.forEach((orgId, index) => check.id(`orgIds[${index}]`, orgId));
      check.done();
      mustRead(deps, call);
      const cases = await openCasesOfOrgs(database, orgIds);
      const templateOf = await templates.ofCases(database, cases);
      const unmetFor = await unmetByOutcome(deps, cases, templateOf);
      const missing = await missingOutputsOf(
        database,
        cases.map((item) => item.caseId),
      );
      const byOrg = grouped(cases.map((item) => [item.orgId, item]));
      const facts = orgIds.map((orgId) => ({
        orgId,
        open: (byOrg.get(orgId) ?? []).map((item) => ({
          caseId: item.caseId,
          caseType: item.caseType,
          engine: item.engine,
          ownerQueue: item.ownerQueue,
          openedAt: item.openedAt.toISOString(),
          owner: item.owner,
          claimedByEngineRole: item.owner !== undefined && item.claimedRole === catalog.engines.get(item.engine)?.role,
          outcomes: (templateOf(item)?.completion ?? []).flatMap(({ outcome, stage, requires }) =>
            stage === undefined ? [] : [{ outcome, stage, unmet: unmetFor(item, requires) }],
          ),
          missingOutputs: [...(missing.get(item.caseId) ?? [])],
        })),
      }));
      return { facts };
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
      return { key, version, source, loadedAt: loadedAt.toISOString(), runningCases };
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
      require(catalog.roles, call.caller.roles, 'validate_templates');
      const found = await validateTemplate(deps, request.source);
      // The file is the text that was given: it has no name.
      const problems = found.problems.map((problem) => ({ ...problemMessage(problem), file: undefined }));
      return once(deps, call, request, ValidateTemplateResponse, async () => ({ valid: found.valid, problems }));
    },

    async reloadTemplates(_request, call) {
      require(catalog.roles, call.caller.roles, 'validate_templates');
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

/** What outcomes need by their templates and the cases do not have; outputs are read only where an outcome needs any. */
async function unmetByOutcome(
  { database }: Deps,
  cases: readonly CaseItem[],
  templateOf: (item: CaseItem) => Template | undefined,
): Promise<(item: CaseItem, requires: readonly string[]) => RuleResult[]> {
  const demanding = cases.filter((item) => templateOf(item)?.completion.some(({ requires }) => requires.length > 0));
  const caseIds = demanding.map(({ caseId }) => caseId);
  const outputs = grouped((caseIds.length > 0 ? await outputsOfCases(database, caseIds) : []).map((output) => [output.caseId, output]));
  return (item, requires) =>
    unmetOutputs(missingForOutcome(item, outputs.get(item.caseId) ?? [], requires)).map((rule) => ({
      rule: rule.rule,
      met: rule.met,
      message: rule.message,
      value: rule.value,
      hint: rule.hint,
      fix: rule.fix && { action: rule.fix.action, params: { ...rule.fix.params } },
    }));
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
function templateOf(stored: readonly StoredTemplate[], templates: Deps['templates']): TemplateMessage[] {
  const [current] = stored;
  if (!current) return [];
  const versions = stored.map(({ version, loadedAt, runningCases }) => ({
    version,
    loadedAt: loadedAt.toISOString(),
    runningCases,
  }));
  return [
    {
      key: current.key,
      currentVersion: current.version,
      description: current.description ?? undefined,
      versions,
      retired: templates.isRetired(current.key) || undefined,
    },
  ];
}
