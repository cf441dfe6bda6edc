import type { components } from '@tom/contracts/edge';
import { accessToken } from '../../api/index.ts';
import { messagesOf } from '../../api/event-stream.ts';
import { ApiProblem, problemOf, unreachable, type ProblemBody } from '../../api/problem.ts';

/* Two calls that do not go through `api`: a body of YAML, and an answer that arrives over minutes. */

export interface DraftProblem {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly expected: string;
  readonly severity?: 'error' | 'warning';
}

export interface Validation {
  readonly valid: boolean;
  readonly problems: readonly DraftProblem[];
}

export interface SimulationRequest {
  readonly template: string;
  readonly since?: string;
  readonly orgIds?: readonly string[];
}

type Schemas = components['schemas'];
export type SimulationProgress = Schemas['SimulationProgress'];
/** What only this side has. */
export type SimulationSide = Schemas['SimulationSide'];
export type SimulationResult = Schemas['SimulationResult'];
export type CompanyDifference = SimulationResult['differences'][number];

/** Null: this system does not offer it. */
export async function validateDraft(source: string, signal: AbortSignal): Promise<Validation | null> {
  try {
    const response = await send('/workflows/validate', { 'Content-Type': 'application/yaml' }, source, signal);
    return (await response.json()) as Validation;
  } catch (error) {
    if (isNotOffered(error)) return null;
    throw error;
  }
}

/** Answers the result; tells progress on the way. Aborting cancels the simulation, too. */
export async function simulateDraft(request: SimulationRequest, signal: AbortSignal, onProgress: (progress: SimulationProgress) => void): Promise<SimulationResult> {
  const headers = { 'Content-Type': 'application/json', Accept: 'text/event-stream' };
  const response = await send('/workflows/simulate', headers, JSON.stringify(request), signal);
  for await (const { event, data = 'null' } of messagesOf(response.body ?? new ReadableStream())) {
    if (event === 'progress') onProgress(JSON.parse(data) as SimulationProgress);
    else if (event === 'result') return JSON.parse(data) as SimulationResult;
    else if (event === 'problem') throw new ApiProblem(JSON.parse(data) as ProblemBody);
  }
  throw unreachable();
}

/** Whether a system that does not know this route answered. */
export function isNotOffered(error: unknown): boolean {
  return error instanceof ApiProblem && [404, 405, 415].includes(error.status);
}

async function send(path: string, headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, { method: 'POST', headers: { ...headers, Authorization: `Bearer ${accessToken() ?? ''}` }, body, signal });
  } catch (error) {
    throw signal.aborted ? error : unreachable();
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}
