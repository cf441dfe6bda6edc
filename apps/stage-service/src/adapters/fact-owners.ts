import { ActivityServiceService } from '@tom/contracts/tom/activity/v1/activity_service';
import { TaskServiceService } from '@tom/contracts/tom/task/v1/task_service';
import { WorkflowServiceService } from '@tom/contracts/tom/workflow/v1/workflow_service';
import type { Client, ServiceTokens } from '@tom/runtime';
import type { Connect } from '@tom/service';

/** The services that own facts which guards read. */
export interface FactOwners {
  readonly workflow: Client<typeof WorkflowServiceService>;
  readonly activity: Client<typeof ActivityServiceService>;
  readonly task: Client<typeof TaskServiceService>;
}

export function connectFactOwners(
  connect: Connect,
  options: {
    readonly workflowService: string;
    readonly activityService: string;
    readonly taskService: string;
    readonly serviceTokens: ServiceTokens;
  },
): FactOwners {
  const { serviceTokens } = options;
  return {
    workflow: connect(WorkflowServiceService, { address: options.workflowService, serviceTokens }),
    activity: connect(ActivityServiceService, { address: options.activityService, serviceTokens }),
    task: connect(TaskServiceService, { address: options.taskService, serviceTokens }),
  };
}
