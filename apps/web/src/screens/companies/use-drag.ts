import { useEffect, useRef, useState, type PointerEvent as ReactPointerEvent, type RefObject } from 'react';
import type { Company } from './queries.ts';
import type { Outcome } from './use-move.ts';

const BEGINS_AFTER_PX = 5;
const BACK_MS = 160;

export interface Drag {
  readonly company: Company;
  /** Where the card lies and how large it is, while its double follows the pointer. */
  readonly from: DOMRect;
  readonly over: string | undefined;
  readonly phase: 'held' | 'waiting' | 'returning';
}

interface Dragging {
  readonly drag: Drag | undefined;
  readonly double: RefObject<HTMLDivElement | null>;
  begin(event: ReactPointerEvent<HTMLElement>, company: Company): void;
}

/**
 * A card that is dragged with the mouse: its double follows the pointer, waits where it was dropped for the answer, and
 * goes back when it is refused. Fingers scroll, and use the menu instead.
 */
export function useDrag(onDrop: (company: Company, to: string) => Promise<Outcome>): Dragging {
  const [drag, setDrag] = useState<Drag>();
  const double = useRef<HTMLDivElement>(null);
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);

  async function back(): Promise<void> {
    setDrag((held) => held && { ...held, phase: 'returning', over: undefined });
    if (double.current) {
      double.current.style.transition = `transform ${BACK_MS}ms ease-out`;
      double.current.style.transform = 'none';
    }
    await new Promise((end) => setTimeout(end, BACK_MS));
    setDrag(undefined);
  }

  async function drop(company: Company, to: string | undefined): Promise<void> {
    if (to === undefined || to === company.currentStage) return back();
    setDrag((held) => held && { ...held, phase: 'waiting' });
    const outcome = await onDrop(company, to);
    if (outcome === 'stays') return back();
    return setDrag(undefined);
  }

  function begin(down: ReactPointerEvent<HTMLElement>, company: Company): void {
    if (down.button !== 0 || down.pointerType === 'touch' || drag || (down.target as Element).closest('button')) return;
    const card = down.currentTarget;
    const { clientX: x, clientY: y } = down;
    const control = new AbortController();
    stop.current = control;
    let held = false;
    const end = (to: string | undefined) => {
      control.abort();
      if (!held) return;
      swallowClick();
      void drop(company, to);
    };
    const listen = { signal: control.signal };
    globalThis.addEventListener(
      'pointermove',
      (event) => {
        const [dx, dy] = [event.clientX - x, event.clientY - y];
        if (!held && Math.hypot(dx, dy) < BEGINS_AFTER_PX) return;
        held = true;
        const over = stageAt(event);
        setDrag((before) => (before?.over === over && before ? before : { company, from: before?.from ?? card.getBoundingClientRect(), over, phase: 'held' }));
        if (double.current) double.current.style.transform = `translate(${dx}px, ${dy}px)`;
      },
      listen,
    );
    globalThis.addEventListener('pointerup', (event) => end(stageAt(event)), listen);
    globalThis.addEventListener('pointercancel', () => end(undefined), listen);
    globalThis.addEventListener('keydown', (event) => event.key === 'Escape' && end(undefined), listen);
  }

  return { drag, double, begin };
}

function stageAt({ clientX, clientY }: PointerEvent): string | undefined {
  return document.elementFromPoint(clientX, clientY)?.closest<HTMLElement>('[data-stage]')?.dataset['stage'];
}

/** A drag that ends where it began is no press of the link in the card. */
function swallowClick(): void {
  const swallow = (event: Event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  globalThis.addEventListener('click', swallow, { capture: true, once: true });
  setTimeout(() => globalThis.removeEventListener('click', swallow, { capture: true }), 0);
}
