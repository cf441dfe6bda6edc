import type {
  CaseClosed,
  CaseEscalated,
  CaseHandedOver,
  CaseOpened,
  CasePhaseChanged,
  CaseReleased,
  CaseRequirementFulfilled,
  CaseReturned,
  CaseStatusChanged,
} from '@tom/contracts/messages';
import type { FieldsOf } from './on-case-changed.ts';

// What catalog's eventTypes declare of each kind of event, as the event tells it.

export const openedFields: FieldsOf<CaseOpened> = ({ case: item }) => ({ phase: item.phase ?? '', template: item.template });

export const releasedFields: FieldsOf<CaseReleased> = ({ previousOwner }, actor) => ({ released_by: previousOwner ?? actor });

export const fulfilledFields: FieldsOf<CaseRequirementFulfilled> = ({ case: item, key }) => ({ phase: item.phase ?? '', key });

export const phaseFields: FieldsOf<CasePhaseChanged> = ({ case: item, previousPhase }) => ({
  phase: item.phase ?? '',
  previous_phase: previousPhase,
});

export const handedOverFields: FieldsOf<CaseHandedOver> = ({ case: item, fromEngine, fromPhase, fromRole, fromQueue }) => ({
  phase: item.phase ?? '',
  role: item.ownerRole,
  queue: item.ownerQueue,
  from_engine: fromEngine,
  from_phase: fromPhase,
  from_role: fromRole,
  from_queue: fromQueue,
});

export const returnedFields: FieldsOf<CaseReturned> = ({ case: item, fromEngine, fromPhase, fromRole, fromQueue }) => ({
  phase: item.phase ?? '',
  role: item.ownerRole,
  queue: item.ownerQueue,
  from_engine: fromEngine,
  from_phase: fromPhase,
  from_role: fromRole,
  from_queue: fromQueue,
  return_count: item.returnCount,
});

export const statusFields: FieldsOf<CaseStatusChanged> = ({ case: item, previousStatus }) => ({
  status: item.status,
  previous_status: previousStatus,
});

export const escalatedFields: FieldsOf<CaseEscalated> = ({ case: item, reason }) => ({
  reason,
  return_count: item.returnCount,
});

export const closedFields: FieldsOf<CaseClosed> = ({ case: item }) => ({ outcome_code: item.outcomeCode ?? '' });
