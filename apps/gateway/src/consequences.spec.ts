import { describe, expect, it } from 'vitest';
import type { Envelope } from '@tom/messaging';
import { isComplete } from './consequences.ts';

function seen(type: string, given: Partial<Envelope> = {}): Envelope {
  return {
    id: 'm1', type, source: '/tom/test', time: '2026-03-02T09:00:00.000Z', subject: 'o', key: 'o', topic: 't',
    correlationId: 'c', depth: 0, aggregateId: 'a', revision: 1, actor: 'user:ida', data: {}, ...given,
  };
}

describe('the consequences of an action', () => {
  it('are complete when every expected message was seen', () => {
    expect(isComplete([], ['tom.workflow.v1.CaseClosed'])).toBe(false);
    expect(isComplete([seen('tom.workflow.v1.CaseClosed')], ['tom.workflow.v1.CaseClosed'])).toBe(true);
  });

  it('wait for each task that a command creates or cancels', () => {
    const closed = seen('tom.workflow.v1.CaseClosed');
    const create = seen('tom.task.v1.CreateTasks', { data: { tasks: [{ taskId: 't1' }, { taskId: 't2' }] } });
    const cancel = seen('tom.task.v1.CancelCaseTasks', { data: { knownOpenTaskIds: ['t3'] } });
    const told = [seen('tom.task.v1.TaskCreated', { aggregateId: 't1' }), seen('tom.task.v1.TaskCancelled', { aggregateId: 't3' })];
    const expected = ['tom.workflow.v1.CaseClosed'];
    expect(isComplete([closed, create, cancel, ...told], expected)).toBe(false);
    expect(isComplete([closed, create, cancel, ...told, seen('tom.task.v1.TaskCreated', { aggregateId: 't2' })], expected)).toBe(true);
  });

  it('wait for the event that answers a command', () => {
    const command = seen('tom.stage.v1.TransitionStage', { id: 'command' });
    expect(isComplete([command], [])).toBe(false);
    expect(isComplete([command, seen('tom.stage.v1.StageTransitionRefused', { causationId: 'command' })], [])).toBe(true);
  });
});
