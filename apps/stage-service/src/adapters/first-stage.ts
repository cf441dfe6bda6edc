import type { OrgStatus, Stages } from '@tom/catalog';

/** The stage in which a company with this status begins, with the status that the stage then gives it. */
export function firstStage(stages: Stages, status: OrgStatus): { stage: string; status: string; stagesVersion: number } {
  const stage = stages.initial(status);
  return { stage, status: stages.stages.get(stage)?.status ?? status, stagesVersion: stages.version };
}
