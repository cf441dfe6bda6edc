import { DomainError, type Text } from '@tom/kernel';

/** Everything that a role may be allowed to do; those marked with `scoped` hold for the own queues and engines only. */
export const rights = [
  'read',
  'edit_orgs',
  'edit_contacts',
  'log_activities',
  'write_notes',
  'create_tasks',
  'work_tasks',
  'reassign_tasks',
  'open_cases',
  'work_cases',
  'start_templates',
  'draft_templates',
  'move_stage',
  'override_guard',
  'validate_templates',
  'simulate',
  'erase',
  'import',
  'dead_letters',
] as const;

export type Right = (typeof rights)[number];

export interface Role {
  readonly role: string;
  readonly label: Text;
  readonly rights: ReadonlySet<Right>;
  /** `all`: its rights hold for every queue and engine; `own`: for those whose role it is. */
  readonly reach: 'own' | 'all';
  readonly queues: ReadonlySet<string>;
  readonly engines: ReadonlySet<string>;
}

export type Roles = ReadonlyMap<string, Role>;

/** What the right is wanted for: it is enough to have one of the named (a task's queue, its role, a case's engine). */
export interface Scope {
  readonly queue?: string | undefined;
  readonly engine?: string | undefined;
  readonly role?: string | undefined;
}

/** Whether any of the caller's roles has the right, there where it is wanted; unknown roles have none. */
export function can(roles: Roles, callerRoles: readonly string[], right: Right, scope?: Scope): boolean {
  return callerRoles.some((name) => {
    const role = roles.get(name);
    return role !== undefined && role.rights.has(right) && reaches(role, scope);
  });
}

/** Throws FORBIDDEN unless `can` says yes. */
export function require(roles: Roles, callerRoles: readonly string[], right: Right, scope?: Scope): void {
  if (can(roles, callerRoles, right, scope)) return;
  const where = scope?.queue ?? scope?.engine ?? scope?.role;
  throw new DomainError('FORBIDDEN', `This needs the right ${right}${where ? ` for ${where}` : ''}.`);
}

function reaches(role: Role, scope: Scope | undefined): boolean {
  if (role.reach === 'all' || scope === undefined) return true;
  return (
    (scope.queue !== undefined && role.queues.has(scope.queue)) ||
    (scope.engine !== undefined && role.engines.has(scope.engine)) ||
    scope.role === role.role
  );
}
