import type { z } from 'zod';
import type { OrgsBehind } from '@tom/contracts/tom/stage/v1/stage_service';
import { listOf, type CodeSchemas } from '../edge/codes.ts';
import { instant, queryText } from '../edge/schemas.ts';

/** What the list of companies also takes, so that the companies behind a figure of a report can be listed. */
export function behindFilters(codes: CodeSchemas) {
  return {
    without: listOf({ options: ['industry', 'owner', 'city'] }),
    stageSinceFrom: instant.optional(),
    stageSinceTo: instant.optional(),
    enteredStage: codes.stage.optional(),
    enteredFrom: instant.optional(),
    enteredTo: instant.optional(),
    leftStage: codes.stage.optional(),
    leftFrom: instant.optional(),
    leftTo: instant.optional(),
    begunFrom: instant.optional(),
    begunTo: instant.optional(),
    passedStage: codes.stage.optional(),
    farthestStage: listOf(codes.stage),
    activityType: codes.activityType.optional(),
    activityOutcome: listOf(codes.activityOutcome),
    activityBy: queryText,
    activityFrom: instant.optional(),
    activityTo: instant.optional(),
  };
}

type Asked = z.output<z.ZodObject<ReturnType<typeof behindFilters>>>;

/** As the owner takes it; undefined when nothing of it is asked. */
export function behindOf({ without, farthestStage, activityOutcome, ...rest }: Asked): OrgsBehind | undefined {
  const given = [without, farthestStage, activityOutcome, ...Object.values(rest)];
  if (given.every((value) => value === undefined)) return undefined;
  return { ...rest, without: without ?? [], farthestStages: farthestStage ?? [], activityOutcomes: activityOutcome ?? [] };
}
