import { WorkflowServiceService } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { implement, type ServiceImplementation } from '@tom/runtime';
import type { Deps } from './deps.ts';
import { caseMoveRpcs } from './grpc/case-moves.ts';
import { caseRpcs } from './grpc/cases.ts';
import { historyRpcs } from './grpc/history.ts';
import { previewRpcs } from './grpc/preview.ts';
import { simulateRpcs } from './grpc/simulate.ts';
import { templateRpcs } from './grpc/templates.ts';
import { whyRpcs } from './grpc/why.ts';

/** What can be asked of this service. */
export function workflowRpcs(deps: Deps): ServiceImplementation {
  return implement(WorkflowServiceService, {
    ...caseRpcs(deps),
    ...caseMoveRpcs(deps),
    ...templateRpcs(deps),
    ...whyRpcs(deps),
    ...historyRpcs(deps),
    ...previewRpcs(deps),
    ...simulateRpcs(deps),
  });
}
