import { ContactAdded, ContactRemoved, OrgCreated } from '@tom/contracts/messages';
import { newId } from '@tom/kernel';
import { deadLetters, type IncomingMessage, type OutgoingMessage } from '@tom/messaging';
import { readAll } from '@tom/messaging/testing';
import { eventually } from '@tom/service/testing';
import type { System } from './system.ts';

const GROUP = 'activity-service';
const TOPIC = 'tom.inbound.v1';

/** A company as an event tells it. */
export function orgSnapshot(orgId: string, externalRef: string | undefined) {
  const at = '2026-03-02T09:00:00.000Z';
  const rest = { name: 'Kessler', orgKind: 'customer', status: 'lead', currentStage: 'UNVERIFIED', version: 1 };
  return { orgId, externalRef, ...rest, stageSince: at, createdAt: at, createdBy: 'olga', updatedAt: at, updatedBy: 'olga' };
}

/** A telephone system beside the service under test. */
export function createReporter(system: System) {
  const freshRef = () => `CRM-${newId()}`;

  /** A report as it would send it; everything in it may be overridden, also with what is wrong. */
  function message(
    key: string,
    report: { reportedId?: string; fields?: unknown } & Record<string, unknown> = {},
    more: Record<string, string | undefined> = {},
  ): OutgoingMessage {
    const headers = {
      ce_specversion: '1.0',
      ce_id: newId(),
      ce_source: '/phones',
      ce_type: 'tom.inbound.v1.ReportActivity',
      ce_time: system.clock.now().toISOString(),
      'content-type': 'application/json',
      ...more,
    };
    const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const value = { externalRef: key, reportedId: newId(), fields: { activityType: 'CALL' }, ...report };
    return { topic: TOPIC, key, headers: Object.fromEntries(given), value: JSON.stringify(value) };
  }

  /** Until the service has read everything that was published so far. */
  async function settled(): Promise<void> {
    await eventually(async () => {
      const lag = await system.broker.lag(GROUP);
      const joined = lag.some(({ topic }) => topic === TOPIC);
      const behind = lag.reduce((sum, partition) => sum + partition.lag, 0);
      if (!joined || behind > 0) throw new Error(`${behind} messages are not read yet`);
    }, 10_000);
  }

  async function send(...messages: OutgoingMessage[]): Promise<void> {
    await system.broker.publish(messages);
    await settled();
  }

  return {
    freshRef,
    message,
    settled,
    send,
    /** A company with this external reference, told by its owner. */
    async company(externalRef = freshRef()): Promise<{ externalRef: string; orgId: string }> {
      const orgId = newId();
      await system.publish(OrgCreated, orgId, { org: orgSnapshot(orgId, externalRef) });
      await settled();
      return { externalRef, orgId };
    },
    async contact(orgId: string, contactId: string, state: 'there' | 'removed'): Promise<void> {
      await system.publish(ContactAdded, orgId, { orgId, contactId });
      if (state === 'removed') await system.publish(ContactRemoved, orgId, { orgId, contactId });
      await settled();
    },
    async waiting(externalRef: string): Promise<number> {
      const text = 'select 1 from waiting_report where external_ref = $1';
      return (await system.database.query({ name: 'test.waiting', text }, [externalRef])).length;
    },
    async letters(key: string) {
      const all = await deadLetters({ database: system.database, group: GROUP, limit: 1_000 });
      return all.filter((letter) => letter.key === key);
    },
    /** The copies for outsiders, once there is one. */
    async copies(key: string): Promise<IncomingMessage[]> {
      return eventually(async () => {
        const found = (await readAll(system.broker, [`${TOPIC}.${GROUP}.dlq`])).filter((copy) => copy.key === key);
        if (found.length === 0) throw new Error('no copy yet');
        return found;
      });
    },
  };
}

export type Reporter = ReturnType<typeof createReporter>;
