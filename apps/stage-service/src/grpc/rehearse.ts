import { require as requireRight } from '@tom/catalog';
import type { MessageType } from '@tom/contracts';
import { ActivityLogged, OrgStageChanged, TransitionStage } from '@tom/contracts/messages';
import type { StageServiceService } from '@tom/contracts/tom/stage/v1/stage_service';
import type { RehearsedMessage } from '@tom/contracts/tom/types/v1/types';
import { DomainError, newId } from '@tom/kernel';
import { parseHeaders, parseValue, rehearsalOutbox, rehearse, subscription } from '@tom/messaging';
import type { Tx } from '@tom/postgres';
import type { Handlers } from '@tom/runtime';
import { checkInput } from '../adapters/check-input.ts';
import { hypotheticalOwners } from '../adapters/hypothetical-owners.ts';
import { findOrg, lockOrg, moveOrgs } from '../adapters/orgs.ts';
import type { Deps } from '../deps.ts';
import type { Org } from '../domain/org.ts';
import { gatherForTransition, onTransitionStage } from '../handlers/on-transition-stage.ts';
import { transition } from '../use-cases/transition.ts';
import { pathId } from './input.ts';
import { checkTransition, explainTransitions, requireMoving } from './stage.ts';

type RehearseHandlers = Pick<Handlers<typeof StageServiceService>, 'rehearseTransition' | 'rehearseStage'>;

const COMPANY = 'This company';
const MOST_MESSAGES = 500;

/** What the stage machine would do: the door itself, in transactions that leave nothing. */
export function rehearseHandlers(deps: Deps): RehearseHandlers {
  const { catalog, clock, database } = deps;
  return {
    async rehearseTransition(request, { idempotency: _written, ...call }) {
      const command = checkTransition(deps, request);
      await requireMoving(deps, command, call);
      const orgId = pathId(request.orgId, COMPANY);
      const { outbox, told } = rehearsalOutbox(deps.outbox, newId());
      await transition({ ...deps, outbox }, { ...command, orgId }, call, (work) => database.rehearse(work));
      return { messages: told.map(onTheWire) };
    },

    async rehearseStage(request, call) {
      const { messages, facts } = request;
      const input = checkInput();
      if (messages.length > MOST_MESSAGES) input.refuse('messages', 'is too long', `at most ${MOST_MESSAGES} messages`);
      input.done();
      requireRight(catalog.roles, call.caller.roles, 'read');
      const orgId = pathId(request.orgId, COMPANY);
      const org = await findOrg(database, orgId);
      if (org === undefined) throw DomainError.notFound(COMPANY);

      const moves = only(OrgStageChanged, messages).filter(({ data }) => data.orgId === orgId);
      const logged = only(ActivityLogged, messages).map(({ data }) => data);
      const owners = facts ? hypotheticalOwners(deps.owners, catalog, orgId, facts, logged, clock.now()) : deps.owners;
      const supposed = { ...deps, owners };
      const there = moves.reduce(movedBy, org);
      const gather = gatherForTransition(supposed, async () => there);
      const { told, value: after } = await rehearse(supposed, {
        seed: orgId,
        messages: messages.filter(({ headers, key }) => headers['ce_type'] === TransitionStage.typeName && key === orgId),
        subscriptions: [subscription({ on: TransitionStage, gather, handleMany: onTransitionStage(supposed) })],
        before: (tx) => suppose(tx, there),
        after: (tx) => findOrg(tx, orgId),
      });
      const now = after ?? there;
      return {
        messages: told.map(onTheWire),
        explanation: {
          currentStage: now.currentStage,
          since: now.stageSince.toISOString(),
          path: [],
          transitions: await explainTransitions(supposed, now, call),
        },
        status: now.status,
      };
    },
  };
}

const onTheWire = ({ headers, ...message }: Omit<RehearsedMessage, 'headers'> & { readonly headers: Readonly<Record<string, string>> }) => ({
  ...message,
  headers: { ...headers },
});

interface Told<T> {
  readonly data: T;
  readonly revision: number;
}

function only<T>(type: MessageType<T>, messages: readonly RehearsedMessage[]): readonly Told<T>[] {
  return messages.flatMap((message, index) => {
    if (message.headers['ce_type'] !== type.typeName) return [];
    try {
      return [{ data: type.decode(parseValue(message.value)), revision: parseHeaders(message).revision }];
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      throw DomainError.invalid([
        { path: `messages[${index}]`, message: problem, expected: 'a message as it would be published' },
      ]);
    }
  });
}

/** The company after a move that is supposed to have happened. */
function movedBy(org: Org, { data, revision }: Told<OrgStageChanged>): Org {
  return {
    ...org,
    currentStage: data.toStage,
    status: data.org.status,
    stageSince: new Date(data.changedAt),
    wasCustomer: org.wasCustomer || data.toStage === 'CUSTOMER',
    revision,
  };
}

async function suppose(tx: Tx, org: Org): Promise<void> {
  const real = await lockOrg(tx, org.orgId);
  if (real !== undefined && real.revision !== org.revision) await moveOrgs(tx, [org]);
}
