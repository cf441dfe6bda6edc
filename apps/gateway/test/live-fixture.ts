import { fileURLToPath } from 'node:url';
import { TaskClaimed, TaskReassigned } from '@tom/contracts/messages';
import { newId } from '@tom/kernel';
import type { OutgoingMessage } from '@tom/messaging';
import { messageOf } from '@tom/messaging/testing';
import { createLogger, loadConfig } from '@tom/runtime';
import type { TestIdentity } from '@tom/runtime/testing';
import { startApp, type GatewayApp } from '../src/app.ts';
import { configDefinition } from '../src/config.ts';

/** A gateway on this event log; no service is there, for live events need none. */
export function startGateway(eventLogUrl: string, identity: TestIdentity, settings: Record<string, string> = {}): Promise<GatewayApp> {
  const config = loadConfig(configDefinition, {
    PORT: '0',
    EVENT_LOG_URL: eventLogUrl,
    STAGE_SERVICE_ADDRESS: '127.0.0.1:1',
    ACTIVITY_SERVICE_ADDRESS: '127.0.0.1:1',
    TASK_SERVICE_ADDRESS: '127.0.0.1:1',
    WORKFLOW_SERVICE_ADDRESS: '127.0.0.1:1',
    CONFIG_DIR: fileURLToPath(new URL('../../../config', import.meta.url)),
    TRUSTED_KEYS_FILE: identity.trustedKeysFile,
    // One person opens all the streams.
    RATE_LIMIT_PER_MINUTE: '0',
    ...settings,
  });
  return startApp(config, { logger: createLogger({ service: 'gateway', level: 'silent' }) });
}

export interface TaskGiven {
  readonly orgId?: string;
  readonly queue?: string;
  readonly title?: string;
}

function taskOf({ orgId = newId(), queue = 'INSIDE_SALES', title = 'Call' }: TaskGiven) {
  return {
    taskId: newId(),
    orgId,
    taskType: 'GENERAL',
    title,
    assignedQueue: queue,
    assigneeRole: 'inside_sales',
    priority: 'NORMAL',
    dueIsEndOfDay: false,
    status: 'OPEN',
    origin: 'PERSON',
    version: 1,
    createdAt: '2026-03-02T09:00:00.000Z',
    createdBy: 'ida',
  };
}

export function claimed(given: TaskGiven = {}): OutgoingMessage {
  const task = taskOf(given);
  return messageOf(TaskClaimed, { task }, { subject: task.orgId, actor: 'user:ida' });
}

export function reassigned(previousQueue: string, given: TaskGiven = {}): OutgoingMessage {
  const task = taskOf(given);
  return messageOf(TaskReassigned, { task, previousQueue }, { subject: task.orgId });
}

/** `n` claims of as many companies, so that they lie in all partitions; their titles are `<name> 0` … */
export function claims(name: string, n: number): OutgoingMessage[] {
  return Array.from({ length: n }, (_entry, index) => claimed({ title: `${name} ${index}` }));
}
