import type { Catalog } from '@tom/catalog';
import { ids } from '@tom/kernel';
import type { Envelope } from '@tom/messaging';
import type { Activity } from '../../domain/activity.ts';
import { describe, labelOf, type Entry } from './entry.ts';

type Meta =
  & Pick<Envelope, 'actor'>
  & Partial<Pick<Envelope, 'causationId' | 'correlationId' | 'template' | 'templateVersion' | 'rule'>>;

/** The system that reported the activity, by its name; undefined: a person logged it. */
function reporter({ createdBy }: Activity): string | undefined {
  return createdBy.startsWith('client:') ? createdBy.slice('client:'.length) : undefined;
}

/** The one entry of an activity, from what its last event carries; it stands where the activity happened. */
export function activityEntry(meta: Meta, activity: Activity, catalog: Catalog): Entry {
  const { activityId, orgId, activityType, outcomeCode, subject, notes, caseId, occurredAt } = activity;
  const types = catalog.codes.activityTypes;
  const type = labelOf(types, activityType);
  const outcome = outcomeCode === undefined
    ? undefined
    : labelOf(types.get(activityType)?.outcomes ?? new Map(), outcomeCode);
  const title = outcome ? { de: `${type.de} · ${outcome.de}`, en: `${type.en} · ${outcome.en}` } : type;
  const by = reporter(activity);
  const text = [subject, notes].filter((part) => part !== undefined).join('\n');
  return {
    entry_id: ids.timelineEntry('activity', activityId),
    at: occurredAt,
    ...describe(
      { ...meta, subject: orgId },
      {
        kind: 'ACTIVITY',
        title: by === undefined ? title : { de: `${title.de} (gemeldet von ${by})`, en: `${title.en} (reported by ${by})` },
        detail: text === '' ? undefined : text,
        source: { type: 'activity', id: activityId },
        caseId,
      },
    ),
  };
}
