import { StageServiceService } from '@tom/contracts/tom/stage/v1/stage_service';
import { implement, type ServiceImplementation } from '@tom/runtime';
import type { Deps } from './deps.ts';
import { contactHandlers } from './grpc/contacts.ts';
import { historyHandlers } from './grpc/history.ts';
import { orgHandlers } from './grpc/orgs.ts';
import { reportHandlers } from './grpc/reports.ts';
import { rehearseHandlers } from './grpc/rehearse.ts';
import { stageHandlers } from './grpc/stage.ts';

/** Calls in. */
export function stageService(deps: Deps): ServiceImplementation {
  return implement(StageServiceService, {
    ...orgHandlers(deps),
    ...stageHandlers(deps),
    ...contactHandlers(deps),
    ...historyHandlers(deps),
    ...reportHandlers(deps),
    ...rehearseHandlers(deps),
  });
}
