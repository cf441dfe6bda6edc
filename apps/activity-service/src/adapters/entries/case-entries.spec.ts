import { fileURLToPath } from 'node:url';
import { loadCatalog } from '@tom/catalog';
import {
  CaseEscalated,
  CaseHandedOver,
  CasePhaseChanged,
  CaseRequirementFulfilled,
  CaseReturned,
  CaseStatusChanged,
} from '@tom/contracts/messages';
import { newId } from '@tom/kernel';
import type { MessageType } from '@tom/messaging';
import { describe, expect, it } from 'vitest';
import { entryOf } from './entry-of.ts';

const catalog = loadCatalog(fileURLToPath(new URL('../../../../../config', import.meta.url)));
const orgId = newId();
const item = {
  caseId: newId(),
  number: '1',
  orgId,
  caseType: 'INBOUND_REQUEST',
  engine: 'ops',
  phase: 'OPS-A',
  status: 'NEW',
  ownerRole: 'ops',
  ownerQueue: 'SALES_OPS',
  owner: undefined,
  priority: 'NORMAL',
  title: 'Anfrage',
  description: undefined,
  dueAt: undefined,
  openedAt: '2026-03-02T10:00:00.000Z',
  openedBy: 'cora',
  closedAt: undefined,
  outcomeCode: undefined,
  outcomeNote: undefined,
  template: undefined,
  templateVersion: undefined,
  returnCount: 0,
  version: 1,
};

function told<T>(type: MessageType<T>, data: T) {
  const envelope = {
    id: newId(),
    type: type.typeName,
    source: '/tom/workflow-service',
    time: '2026-03-02T10:00:00.000Z',
    subject: orgId,
    key: orgId,
    topic: type.topic,
    correlationId: newId(),
    depth: 0,
    aggregateId: item.caseId,
    revision: 2,
    actor: 'user:olga',
    data,
  };
  return entryOf(envelope, catalog);
}

const place = { fromEngine: 'customer_inbound', fromRole: 'customer_inbound', fromQueue: 'CUSTOMER_INBOUND', fromPhase: 'CI-A' };

describe('the timeline of a case', () => {
  it('tells hand-overs and returns as a kind of their own, with the words of whoever did it, linked to the case', () => {
    const linked = { source_type: 'case', source_id: item.caseId, case_id: item.caseId, actor: 'user:olga' };
    expect(told(CaseHandedOver, { case: item, handoverId: newId(), ...place, goal: 'Angebot' })).toMatchObject({
      ...linked,
      kind: 'HANDOVER',
      title_de: 'Übergabe an: Sales Ops',
      title_en: 'Handed over to: Sales ops',
      detail: 'Angebot',
    });
    const back = { ...item, engine: 'customer_inbound' };
    expect(told(CaseReturned, { case: back, returnId: newId(), ...place, reason: 'Unklar' })).toMatchObject({
      ...linked,
      kind: 'HANDOVER',
      title_de: 'Zurückgegeben an: Kundeneingang',
      detail: 'Unklar',
    });
  });

  it('tells phases, and outputs without their value; words of a person stand where they can be erased', () => {
    expect(told(CasePhaseChanged, { case: item, previousPhase: undefined })).toMatchObject({ kind: 'CASE', title_en: 'New phase: Structuring' });
    const fulfilled = (key: string, description: { de: string; en: string }) =>
      told(CaseRequirementFulfilled, { case: item, requirementId: newId(), key, description });
    expect(fulfilled('risk_note', { de: 'anders', en: 'other' })).toMatchObject({
      kind: 'CASE',
      title_de: 'Ergebnis geliefert: Risikohinweis',
      name: undefined,
    });
    expect(fulfilled('returned_1', { de: 'Preis', en: 'Preis' })).toMatchObject({ title_de: 'Ergebnis geliefert', name: 'Preis' });
  });

  it('tells every change of status, and an escalation once, with its reason', () => {
    const status = (now: string, previousStatus: string) => told(CaseStatusChanged, { case: { ...item, status: now }, previousStatus });
    expect(status('BLOCKED', 'NEW')).toMatchObject({ kind: 'CASE', title_de: 'Fallstatus: blockiert', title_en: 'Case status: blocked' });
    expect(status('ESCALATED', 'NEW')).toBeUndefined();
    expect(status('ESCALATED', 'BLOCKED')).toMatchObject({ title_de: 'Fallstatus: eskaliert' });
    expect(told(CaseEscalated, { case: item, reason: 'DUE_DATE_PASSED' })).toMatchObject({ title_de: 'Fall eskaliert: Frist abgelaufen' });
  });
});
