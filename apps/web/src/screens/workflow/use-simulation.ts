import { useEffect, useRef, useState } from 'react';
import { isNotOffered, simulateDraft, type SimulationProgress, type SimulationRequest, type SimulationResult } from './draft-calls.ts';

export type SimulationState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly progress: SimulationProgress | undefined }
  | { readonly kind: 'done'; readonly result: SimulationResult; readonly request: SimulationRequest }
  | { readonly kind: 'notOffered' }
  | { readonly kind: 'failed'; readonly error: unknown; readonly request: SimulationRequest };

export interface Simulation {
  readonly state: SimulationState;
  start(request: SimulationRequest): void;
  cancel(): void;
}

/** One simulation at a time: a new one cancels that before, and so does leaving. */
export function useSimulation(): Simulation {
  const [state, setState] = useState<SimulationState>({ kind: 'idle' });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const start = async (request: SimulationRequest) => {
    running.current?.abort();
    const mine = new AbortController();
    running.current = mine;
    const show = (next: SimulationState) => !mine.signal.aborted && setState(next);
    show({ kind: 'running', progress: undefined });
    try {
      const result = await simulateDraft(request, mine.signal, (progress) => show({ kind: 'running', progress }));
      show({ kind: 'done', result, request });
    } catch (error) {
      show(isNotOffered(error) ? { kind: 'notOffered' } : { kind: 'failed', error, request });
    }
  };
  return {
    state,
    start: (request) => void start(request),
    cancel: () => {
      running.current?.abort();
      setState({ kind: 'idle' });
    },
  };
}
