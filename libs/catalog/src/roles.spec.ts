import { join } from 'node:path';
import { DomainError } from '@tom/kernel';
import { describe, expect, it } from 'vitest';
import { can, loadCatalog, require, rights, type Right, type Scope } from './index.ts';

const { roles } = loadCatalog(join(import.meta.dirname, '../../../config'));

describe('the shipped roles', () => {
  const inside: Scope = { queue: 'INSIDE_SALES' };
  const field: Scope = { engine: 'outside_sales' };

  it.each<[role: string, right: Right, scope: Scope | undefined, allowed: boolean]>([
    ['inside_sales', 'edit_orgs', undefined, true],
    ['order_admin', 'log_activities', undefined, true],
    ['customer_inbound', 'write_notes', undefined, true],
    ['inside_sales', 'work_tasks', inside, true],
    ['ops', 'work_tasks', inside, false],
    ['ops', 'work_tasks', { queue: 'SALES_OPS' }, true],
    ['ops', 'work_tasks', { queue: 'INSIDE_SALES', role: 'ops' }, true],
    ['ops', 'work_tasks', { queue: 'NO_SUCH_QUEUE' }, false],
    ['outside_sales', 'work_cases', field, true],
    ['inside_sales', 'work_cases', field, false],
    ['inside_sales', 'start_templates', { role: 'inside_sales' }, true],
    ['inside_sales', 'start_templates', { role: 'outside_sales' }, false],
    ['inside_sales', 'reassign_tasks', inside, false],
    ['manager', 'work_tasks', inside, true],
    ['manager', 'work_cases', field, true],
    ['manager', 'reassign_tasks', inside, true],
    ['manager', 'move_stage', undefined, true],
    ['manager', 'override_guard', undefined, false],
    ['manager', 'erase', undefined, false],
    ['inside_sales', 'move_stage', undefined, true],
    ['ops', 'move_stage', undefined, true],
    ['outside_sales', 'move_stage', undefined, true],
    ['customer_inbound', 'move_stage', undefined, false],
    ['order_admin', 'move_stage', undefined, false],
    ['service', 'read', undefined, true],
    ['service', 'edit_orgs', undefined, false],
    ['service', 'work_tasks', inside, false],
    ['nobody', 'read', undefined, false],
    ['constructor', 'read', undefined, false],
  ])('%s may %s (%j): %s', (role, right, scope, allowed) => {
    expect(can(roles, [role], right, scope)).toBe(allowed);
  });

  it('let the administrator do everything everywhere', () => {
    for (const right of rights) expect(can(roles, ['administrator'], right, inside)).toBe(true);
  });

  it('let everybody read but nobody without a role', () => {
    for (const role of roles.keys()) expect(can(roles, [role], 'read')).toBe(true);
    expect(can(roles, [], 'read')).toBe(false);
  });

  it('add up, but never mix the right of one role with the reach of another', () => {
    expect(can(roles, ['order_admin', 'ops'], 'move_stage')).toBe(true);
    expect(can(roles, ['service', 'ops'], 'work_tasks', inside)).toBe(false);
  });
});

describe('require', () => {
  it('passes or throws FORBIDDEN naming the right and the place', () => {
    expect(() => require(roles, ['ops'], 'work_tasks', { queue: 'SALES_OPS' })).not.toThrow();
    const refused = () => require(roles, ['ops'], 'work_tasks', { queue: 'INSIDE_SALES' });
    expect(refused).toThrow(DomainError);
    expect(refused).toThrow('This needs the right work_tasks for INSIDE_SALES.');
    expect(() => require(roles, [], 'erase')).toThrow('This needs the right erase.');
  });
});
