import { can } from '@tom/catalog';
import { CaseNote } from '@tom/contracts/tom/workflow/v1/case';
import {
  CaseView,
  CloseCaseResponse,
  type WorkflowServiceService,
} from '@tom/contracts/tom/workflow/v1/workflow_service';
import { contentHash, decodePageToken, DomainError, encodePageToken, isUuid } from '@tom/kernel';
import type { Tx } from '@tom/postgres';
import type { CallContext, Handlers } from '@tom/runtime';
import type { CaseEdit, CaseItem } from '@tom/workflow';
import { noteMessage } from '../adapters/case-messages.ts';
import { listCases } from '../adapters/case-query.ts';
import { caseById } from '../adapters/case-table.ts';
import { caseViews, oneCaseView } from '../adapters/case-view.ts';
import { notesOfCase } from '../adapters/note-table.ts';
import type { Deps } from '../deps.ts';
import { addCaseNote } from '../use-cases/add-case-note.ts';
import { claimCase } from '../use-cases/claim-case.ts';
import { resolveClosing, closeHere, closeThroughDoor } from '../use-cases/close-case.ts';
import { isOfErased } from '../use-cases/know-org.ts';
import { gatherForOpening, openCase } from '../use-cases/open-case.ts';
import { recogniseDoorRequest } from '../use-cases/pass-door.ts';
import { resolveReleasing, releaseHere, releaseThroughDoor } from '../use-cases/release-case.ts';
import { updateCase } from '../use-cases/update-case.ts';
import { once } from './once.ts';
import { checks, pageSizeOf } from './validate.ts';

type CaseRpcs = Pick<
  Handlers<typeof WorkflowServiceService>,
  | 'openCase'
  | 'getCase'
  | 'listCases'
  | 'updateCase'
  | 'claimCase'
  | 'releaseCase'
  | 'addCaseNote'
  | 'listCaseNotes'
  | 'closeCase'
>;

const NOTE_LENGTH = 10_000;
const CASE_CLOSED = 'tom.workflow.v1.CaseClosed';
const CASE_RELEASED = 'tom.workflow.v1.CaseReleased';

/** What a PATCH may name, in both writings of a field mask, and the field it means. */
const EDITABLE: Readonly<Record<string, keyof CaseEdit>> = {
  title: 'title',
  description: 'description',
  priority: 'priority',
  due_at: 'dueAt',
  dueAt: 'dueAt',
};

/** Every signed-in role reads. */
export function mustRead({ catalog }: Pick<Deps, 'catalog'>, call: CallContext): void {
  if (can(catalog.roles, call.caller.roles, 'read')) return;
  throw new DomainError('FORBIDDEN', 'This needs the right read.');
}

export function caseRpcs(deps: Deps): CaseRpcs {
  const { database, catalog } = deps;
  const { codes, engines, queues } = catalog;

  const viewOf = (from: Tx | typeof database, item: CaseItem): Promise<CaseView> => oneCaseView(deps, from, item);

  async function existing(caseId: string): Promise<CaseItem> {
    const item = isUuid(caseId) ? await caseById(database, caseId) : undefined;
    if (!item) throw DomainError.notFound('The case');
    return item;
  }

  return {
    async openCase(request, call) {
      const check = checks();
      check.id('orgId', request.orgId);
      check.code('caseType', request.caseType, codes.caseTypes.keys());
      const planned = deps.templates.openingOf(request.caseType)?.case?.engine;
      check.code('engine', request.engine, planned === undefined ? engines.keys() : [planned]);
      check.text('title', request.title, { max: 300, required: true });
      check.text('description', request.description, { max: NOTE_LENGTH });
      check.code('priority', request.priority, codes.priorities.keys());
      check.instant('dueAt', request.dueAt);
      check.done();
      const command = { ...request, dueAt: request.dueAt === undefined ? undefined : new Date(request.dueAt) };
      const org = await gatherForOpening(deps, call, command);
      return once(deps, call, request, CaseView, async (tx) =>
        viewOf(tx, await openCase(deps, tx, call, command, org)),
      );
    },

    async getCase({ caseId }, call) {
      mustRead(deps, call);
      return viewOf(database, await existing(caseId));
    },

    async listCases(request, call) {
      const { pageSize, pageToken, mine, ...rest } = request;
      const check = checks();
      check.id('orgId', request.orgId);
      check.codes('caseType', request.caseTypes, codes.caseTypes.keys());
      check.codes('engine', request.engines, engines.keys());
      check.codes('status', request.statuses, codes.caseStatuses.keys());
      check.codes('ownerRole', request.ownerRoles, catalog.roles.keys());
      check.codes('ownerQueue', request.ownerQueues, queues.keys());
      check.text('owner', request.owner, { max: 200 });
      check.text('q', request.q, { max: 200 });
      const limit = pageSizeOf(check, pageSize);
      check.done();
      mustRead(deps, call);
      const filter = { ...rest, mine: mine ? call.caller.id : undefined };
      const [before] = decodePageToken(filter, pageToken) ?? [];
      const found = await listCases(database, filter, typeof before === 'number' ? before : undefined, limit + 1);
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const nextPageToken = found.length > limit && last ? encodePageToken(filter, [last.number]) : undefined;
      return { items: await caseViews(deps, database, page), nextPageToken };
    },

    async updateCase(request, call) {
      const check = checks();
      const fields = request.fields ?? {};
      const edit: Record<string, unknown> = {};
      for (const path of request.updateMask ?? []) {
        const name = Object.hasOwn(EDITABLE, path) ? EDITABLE[path] : undefined;
        if (name === undefined) check.fail(path, 'cannot be written', 'title, description, priority or dueAt');
        else edit[name] = name === 'dueAt' && fields.dueAt !== undefined ? new Date(fields.dueAt) : fields[name];
      }
      check.text('title', fields.title, { max: 300, required: 'title' in edit });
      check.text('description', fields.description, { max: NOTE_LENGTH });
      check.code('priority', fields.priority, codes.priorities.keys());
      if ('priority' in edit && fields.priority === undefined)
        check.fail('priority', 'cannot be cleared', 'a priority');
      check.instant('dueAt', fields.dueAt);
      check.done();
      const erased = await isOfErased(deps, call, request.caseId);
      const command = { caseId: request.caseId, version: request.version, edit: edit as CaseEdit, erased };
      return once(deps, call, request, CaseView, async (tx) => viewOf(tx, await updateCase(deps, tx, call, command)));
    },

    async claimCase(request, call) {
      return once(deps, call, request, CaseView, async (tx) =>
        viewOf(tx, await claimCase(deps, tx, call, request.caseId)),
      );
    },

    async releaseCase(request, call) {
      const check = checks();
      check.text('reasonCode', request.reasonCode);
      check.text('reasonNote', request.reasonNote);
      check.done();
      const door = await recogniseDoorRequest(deps, call, contentHash(request));
      const releasing = await resolveReleasing(deps, call, request, door);
      const { move } = releasing;
      if (move === undefined) {
        return once(deps, call, request, CloseCaseResponse, async (tx) => {
          const released = await releaseHere(deps, tx, call, request);
          return { case: await viewOf(tx, released), org: undefined, activityId: undefined, expected: [] };
        });
      }
      const { item, answer } = await releaseThroughDoor(deps, call, request, { ...releasing, move }, door);
      const { org, activityId, expected } = answer;
      return {
        case: await viewOf(database, item),
        org,
        activityId,
        expected: [...new Set([...expected, CASE_RELEASED])],
      };
    },

    async closeCase(request, call) {
      const check = checks();
      check.text('outcomeCode', request.outcomeCode, { required: true });
      check.text('outcomeNote', request.outcomeNote, { max: NOTE_LENGTH });
      check.text('reasonCode', request.reasonCode);
      check.text('reasonNote', request.reasonNote);
      check.id('duplicateOfOrgId', request.duplicateOfOrgId);
      check.instant('followUpAt', request.followUpAt);
      check.done();
      const door = await recogniseDoorRequest(deps, call, contentHash(request));
      const closing = await resolveClosing(deps, call, request);
      const { stage } = closing;
      if (stage === undefined) {
        return once(deps, call, request, CloseCaseResponse, async (tx) => {
          const closed = await closeHere(deps, tx, call, request, closing);
          return { case: await viewOf(tx, closed), org: undefined, activityId: undefined, expected: [] };
        });
      }
      const { item, answer } = await closeThroughDoor(deps, call, request, { ...closing, stage }, door);
      const { org, activityId, expected } = answer;
      return {
        case: await viewOf(database, item),
        org,
        activityId,
        expected: [...new Set([...expected, CASE_CLOSED])],
      };
    },

    async addCaseNote(request, call) {
      const check = checks();
      check.code(
        'noteType',
        request.noteType,
        [...codes.noteTypes.keys()].filter((type) => type !== 'system'),
      );
      check.text('body', request.body, { max: NOTE_LENGTH, required: true });
      check.done();
      const command = { ...request, erased: await isOfErased(deps, call, request.caseId) };
      return once(deps, call, request, CaseNote, async (tx) => noteMessage(await addCaseNote(deps, tx, call, command)));
    },

    async listCaseNotes({ caseId, pageSize, pageToken }, call) {
      const check = checks();
      const limit = pageSizeOf(check, pageSize);
      check.done();
      mustRead(deps, call);
      await existing(caseId);
      const [createdAt, noteId] = decodePageToken({ caseId }, pageToken) ?? [];
      const after = typeof createdAt === 'string' && typeof noteId === 'string' ? { createdAt, noteId } : undefined;
      const found = await notesOfCase(database, caseId, after, limit + 1);
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const nextPageToken =
        found.length > limit && last
          ? encodePageToken({ caseId }, [last.createdAt.toISOString(), last.noteId])
          : undefined;
      return { items: page.map(noteMessage), nextPageToken };
    },
  };
}
