import { DomainError, isUuid, type Clock, type Violation } from '@tom/kernel';
import type { Database } from '@tom/postgres';
import type { CallContext } from '@tom/runtime';
import type { Place } from '../domain/activity.ts';
import { chooseCase, type Engines, type OpenCase } from '../domain/choose-case.ts';
import { readKnown, type Known } from './known.ts';
import { rememberCases } from './known-case-table.ts';
import { addContacts } from './known-contact-table.ts';
import { findKnownOrg, findOrgByRef, rememberOrg, rememberOrgRef } from './known-org-table.ts';
import type { Owners } from './owners.ts';

/** Within this time of a change of stage, a case that the change opens may not have been heard of yet. */
const UNSETTLED_MS = 5_000;

export interface PlaceQuestion {
  readonly orgId: string;
  readonly caseId?: string | undefined;
  readonly contactId?: string | undefined;
  readonly engines: Engines;
}

/** Where an activity belongs. The projections answer; what they lack is asked of the owner, and only that may refuse. */
export interface Places {
  /**
   * Throws NOT_FOUND for an unknown company, INVALID for a case or contact that is not one of the company's, STATE_REFUSED
   * for an erased one.
   */
  find(question: PlaceQuestion, known: Known, call: CallContext): Promise<Place>;
  /** Throws NOT_FOUND unless the company exists. */
  requireOrg(orgId: string, call: CallContext): Promise<void>;
  /** Throws STATE_REFUSED when the data of the company was erased: nothing new is written about it. */
  requireNotErased(orgId: string, call: CallContext): Promise<void>;
  /**
   * Asks the owners for what a report names and the projections lack, and keeps the answers there. What is still missing
   * afterwards does not exist.
   */
  learn(report: ReportQuestion, call: CallContext): Promise<void>;
}

/** What a report names: its company by external reference. */
export interface ReportQuestion {
  readonly externalRef: string;
  readonly caseId?: string | undefined;
  readonly contactId?: string | undefined;
}

export function createPlaces(
  deps: { readonly database: Database; readonly owners: Owners; readonly clock: Clock },
): Places {
  const { database, owners, clock } = deps;

  async function find(
    { orgId, caseId, contactId, engines }: PlaceQuestion,
    known: Known,
    call: CallContext,
  ): Promise<Place> {
    const isNew = known.org === undefined;
    // That a company was erased is only said by its owner; it is asked when the projection has heard so.
    const { erased } = isNew || known.org?.erased ? await askForOrg(orgId, call) : { erased: false };
    const violations: Violation[] = [];
    let place: Place = {};
    if (caseId !== undefined) {
      const found = known.case ?? (await askForCase(caseId, call));
      if (found?.orgId === orgId) place = { caseId, queue: found.queue };
      else violations.push({
          path: 'caseId',
          message: 'is not a case of this company',
          expected: 'the id of one of its cases',
        });
    }
    if (contactId !== undefined && !(await belongs(contactId, orgId, known, call))) {
      violations.push({
        path: 'contactId',
        message: 'is not a contact of this company',
        expected: 'the id of one of its contacts',
      });
    }
    if (violations.length > 0) throw DomainError.invalid(violations);
    if (erased) throw wasErased();
    if (caseId !== undefined) return place;
    const ask = known.openCases.length === 0 && (isNew || isUnsettled(known));
    return chooseCase(ask ? await askForOpenCases(orgId, call) : known.openCases, engines);
  }

  function isUnsettled({ org }: Known): boolean {
    return org !== undefined && clock.now().getTime() - org.changedAt.getTime() < UNSETTLED_MS;
  }

  async function learn({ externalRef, caseId, contactId }: ReportQuestion, call: CallContext): Promise<void> {
    const there = await findOrgByRef(database, externalRef);
    const orgId = there?.orgId ?? (await owners.findOrgByRef(externalRef, call));
    if (!there && orgId !== undefined) await rememberOrgRef(database, orgId, externalRef, clock.now());
    const [known] = await readKnown(database, [{ orgId, caseId, contactId }]);
    if (!known || known.org?.erased) return;
    if (contactId !== undefined) await belongs(contactId, orgId ?? '', known, call);
    if (caseId !== undefined && !known.case) await askForCase(caseId, call);
    if (orgId === undefined || caseId !== undefined || known.openCases.length > 0) return;
    if (!there || isUnsettled(known)) await askForOpenCases(orgId, call);
  }

  async function belongs(contactId: string, orgId: string, known: Known, call: CallContext): Promise<boolean> {
    if (known.contact) return known.contact.orgId === orgId && !known.contact.removed;
    const owner = await owners.orgOfContact(contactId, call);
    if (owner !== undefined) await addContacts(database, [{ contact_id: contactId, org_id: owner }]);
    return owner === orgId;
  }

  async function askForOrg(orgId: string, call: CallContext): Promise<{ readonly erased: boolean }> {
    const org = await owners.findOrg(orgId, call);
    if (!org) throw DomainError.notFound('The company');
    // An erased one would be remembered as one that is not: its event tells that.
    if (!org.erased) await rememberOrg(database, orgId, clock.now());
    return org;
  }

  async function askForCase(caseId: string, call: CallContext): Promise<{ orgId: string; queue: string } | undefined> {
    const found = await owners.findCase(caseId, call);
    if (!found) return undefined;
    const { orgId, engine, queue, open } = found;
    await rememberCases(database, [{ case_id: caseId, org_id: orgId, engine, queue, open, revision: 0 }]);
    return found;
  }

  async function askForOpenCases(orgId: string, call: CallContext): Promise<readonly OpenCase[]> {
    const open = await owners.openCases(orgId, call);
    await rememberCases(
      database,
      open.map(({ caseId, engine, queue }) => ({
        case_id: caseId,
        org_id: orgId,
        engine,
        queue,
        open: true,
        revision: 0,
      })),
    );
    return open;
  }

  return {
    find,
    learn,
    async requireOrg(orgId, call) {
      if (!isUuid(orgId)) throw DomainError.notFound('The company');
      if (!(await findKnownOrg(database, orgId))) await askForOrg(orgId, call);
    },
    async requireNotErased(orgId, call) {
      if (!(await findKnownOrg(database, orgId))?.erased) return;
      if ((await owners.findOrg(orgId, call))?.erased) throw wasErased();
    },
  };
}

function wasErased(): DomainError {
  return DomainError.stateRefused('The company was erased.', 'ERASED');
}
