import { Me } from '@tom/contracts/tom/task/v1/task_service';
import type { CallContext } from '@tom/runtime';
import { seePerson, writeSettings } from '../adapters/person-table.ts';
import type { Deps } from '../deps.ts';
import { once } from './once.ts';

/** Changes the caller's own settings; those not named stay. */
export async function updateSettings(deps: Deps, call: CallContext, settings: Readonly<Record<string, string>>): Promise<Me> {
  return once(deps, call, settings, Me, async (tx) => {
    await seePerson(tx, call.caller, deps.clock.now());
    return writeSettings(tx, call.caller, settings);
  });
}
