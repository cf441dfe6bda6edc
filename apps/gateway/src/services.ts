import { ActivityServiceService } from '@tom/contracts/tom/activity/v1/activity_service';
import { StageServiceService } from '@tom/contracts/tom/stage/v1/stage_service';
import { TaskServiceService } from '@tom/contracts/tom/task/v1/task_service';
import { WorkflowServiceService } from '@tom/contracts/tom/workflow/v1/workflow_service';
import { createClient, type GrpcTls } from '@tom/runtime';
import type { Config } from './config.ts';

/** The four services behind the edge, each with one long-lived channel. */
export type Services = ReturnType<typeof connectServices>;

/** Connects to the four services; a service that is away is found out at the call. */
export function connectServices(config: Config, tls: GrpcTls) {
  return {
    stage: createClient(StageServiceService, { address: config.stageService, tls }),
    activity: createClient(ActivityServiceService, { address: config.activityService, tls }),
    task: createClient(TaskServiceService, { address: config.taskService, tls }),
    workflow: createClient(WorkflowServiceService, { address: config.workflowService, tls }),
  };
}
