import type { Me, TaskServiceService } from '@tom/contracts/tom/task/v1/task_service';
import { DomainError } from '@tom/kernel';
import type { CallContext, Handlers } from '@tom/runtime';
import { listPersons, seePerson } from '../adapters/person-table.ts';
import type { Deps } from '../deps.ts';
import { requireReading } from '../use-cases/rights.ts';
import { updateSettings } from '../use-cases/update-settings.ts';
import { createChecks } from './checks.ts';

const MAX_SETTINGS = 50;

/** The signed-in person, and whom work can be given to. */
export function personCalls(deps: Deps) {
  const { catalog, clock, database } = deps;

  function requirePerson(call: CallContext): void {
    requireReading(deps, call);
    if (call.caller.kind === 'service') throw new DomainError('FORBIDDEN', 'A service is no person.');
  }

  return {
    async getMe(_request, call): Promise<Me> {
      requirePerson(call);
      return seePerson(database, call.caller, clock.now());
    },

    async updateSettings({ settings }, call) {
      const checks = createChecks();
      const entries = Object.entries(settings);
      if (entries.length > MAX_SETTINGS) checks.refuse('settings', 'has too many entries', `at most ${MAX_SETTINGS}`);
      for (const [name, value] of entries) {
        if (!/^[a-zA-Z][a-zA-Z0-9]{0,49}$/.test(name)) checks.refuse(name, 'is not the name of a setting', 'letters and digits');
        else checks.text(name, value, 500);
      }
      checks.done();
      requirePerson(call);
      return updateSettings(deps, call, settings);
    },

    async listUsers({ role }, call) {
      const checks = createChecks();
      checks.code('role', role, catalog.roles);
      checks.done();
      requireReading(deps, call);
      return { items: await listPersons(database, role || null) };
    },
  } satisfies Partial<Handlers<typeof TaskServiceService>>;
}
