import { ActivityServiceService } from '@tom/contracts/tom/activity/v1/activity_service';
import { TaskServiceService } from '@tom/contracts/tom/task/v1/task_service';
import { WorkflowServiceService } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { createClient, type Client, type ServiceTokens } from '@tom/runtime';

/** The services that own facts which guards read. */
export interface FactOwners {
  readonly workflow: Client<typeof WorkflowServiceService>;
  readonly activity: Client<typeof ActivityServiceService>;
  readonly task: Client<typeof TaskServiceService>;
  close(): void;
}

export function connectFactOwners(options: {
  readonly workflowService: string;
  readonly activityService: string;
  readonly taskService: string;
  readonly serviceTokens: ServiceTokens | undefined;
}): FactOwners {
  const { serviceTokens } = options;
  const workflow = createClient(WorkflowServiceService, { address: options.workflowService, serviceTokens });
  const activity = createClient(ActivityServiceService, { address: options.activityService, serviceTokens });
  const task = createClient(TaskServiceService, { address: options.taskService, serviceTokens });
  return {
    workflow,
    activity,
    task,
    close() {
      for (const client of [workflow, activity, task]) client.close();
    },
  };
}
