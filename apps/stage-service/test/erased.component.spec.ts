import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const move = (orgId: string, toStage: string, more: Record<string, unknown> = {}) =>
  system.client.transition({ orgId, toStage, ...more }, system.ida());

describe('an erased company', () => {
  const erased = { code: 'STATE_REFUSED', details: { state: 'ERASED' } };

  it('moves no more, neither through the door nor past its guard, and offers no step', async () => {
    const orgId = await system.company('QUALIFYING');
    await system.client.eraseOrg({ orgId, reason: 'Art. 17' }, system.root());
    await expect(move(orgId, 'DISQUALIFIED', { reasonCode: 'NO_FIT' })).rejects.toMatchObject(erased);
    await expect(move(orgId, 'CUSTOMER')).rejects.toMatchObject(erased);
    await expect(move(orgId, 'DISQUALIFIED')).rejects.toMatchObject({ code: 'INVALID' });
    await expect(system.client.overrideStage({ orgId, toStage: 'QUALIFIED_LEAD', reason: 'x' }, system.root())).rejects.toMatchObject(erased);
    await expect(system.client.createContact({ orgId, name: 'Eva' }, system.ida())).rejects.toMatchObject(erased);
    expect((await system.client.explainStage({ orgId }, system.ida())).transitions).toEqual([]);
    expect(await system.client.getOrg({ orgId }, system.ida())).toMatchObject({ currentStage: 'QUALIFYING' });
  });

  it('does not move either when it was erased while the facts were gathered', async () => {
    const orgId = await system.company('QUALIFYING');
    let release = (): void => undefined;
    system.owners.hold = new Promise((resolve) => (release = resolve));
    const attempt = move(orgId, 'DISQUALIFIED', { reasonCode: 'NO_FIT' });
    await system.client.eraseOrg({ orgId, reason: 'Art. 17' }, system.root());
    release();
    await expect(attempt).rejects.toMatchObject(erased);
  });
});
