import { useEffect, useRef } from 'react';
import { createStore } from '../store.ts';

/**
 * One place listens to the keyboard. What is mounted last wins, so that a form or a list takes a key before the page
 * does; single keys count only when no field has the focus, and not at all when the person has switched them off.
 * Keys are named as in 'a', 'Escape', 'ArrowDown', 'mod+k', 'mod+Enter', 'mod+shift+Enter', or two in a row: 'g a'.
 */
export interface Binding {
  readonly key: string;
  readonly run: (event: KeyboardEvent) => void;
  /** Works in fields, too, as Escape and whatever comes with Ctrl does. */
  readonly inFields?: boolean;
}

interface Layer {
  bindings: readonly Binding[];
}

const SEQUENCE_MS = 1_200;
const layers: Layer[] = [];
const single = createStore(true);
let pending: { readonly key: string; readonly until: number } | undefined;

export const setSingleKeys: (on: boolean) => void = single.set;

/** Whether single keys are on: then they are shown on buttons and at the foot of lists. */
export const useSingleKeys: () => boolean = single.use;

/** Binds keys for as long as the component is there. Give `active: false` to step aside without leaving. */
export function useKeys(bindings: readonly Binding[], active = true): void {
  const layer = useRef<Layer>({ bindings });
  useEffect(() => {
    layer.current.bindings = bindings;
  });
  useEffect(() => {
    if (!active) return undefined;
    const mine = layer.current;
    layers.push(mine);
    return () => void layers.splice(layers.indexOf(mine), 1);
  }, [active]);
}

function nameOf(event: KeyboardEvent): string {
  const mod = event.ctrlKey || event.metaKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return [mod && 'mod', event.altKey && 'alt', event.shiftKey && (mod || event.key.length > 1) && 'shift', key].filter(Boolean).join('+');
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
}

/** Enter and the space bar belong to what has the focus, where that can be pressed by them. */
function presses(name: string, target: EventTarget | null): boolean {
  if ((name !== 'Enter' && name !== ' ') || !(target instanceof HTMLElement)) return false;
  const control = 'button, summary, [role="button"], [role^="menuitem"], [role="option"]';
  return target.closest(name === 'Enter' ? `${control}, a[href]` : control) !== null;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const name = nameOf(event);
  if (presses(name, event.target)) return;
  const isSingle = !name.includes('mod+') && !name.includes('alt+') && name.length === 1;
  if (isSingle && !single.get()) return;
  const inField = isField(event.target);
  const sequence = pending && event.timeStamp < pending.until ? `${pending.key} ${name}` : undefined;
  pending = undefined;
  const found = (sequence && find(sequence, inField)) ?? find(name, inField);
  if (found) {
    event.preventDefault();
    found.run(event);
    return;
  }
  if (isSingle && !inField && layers.some(({ bindings }) => bindings.some(({ key }) => key.startsWith(`${name} `)))) {
    pending = { key: name, until: event.timeStamp + SEQUENCE_MS };
  }
}

function find(name: string, inField: boolean): Binding | undefined {
  for (const { bindings } of layers.toReversed()) {
    const binding = bindings.find(({ key, inFields }) => key === name && (!inField || inFields === true || key.startsWith('mod+') || key === 'Escape'));
    if (binding) return binding;
  }
  return undefined;
}

/** Starts listening; answers how to stop. */
export function listenToKeys(): () => void {
  globalThis.addEventListener('keydown', onKeyDown);
  return () => globalThis.removeEventListener('keydown', onKeyDown);
}

/** What the key with Ctrl or Cmd is called on this keyboard. */
export function modKey(key: string, lang: 'de' | 'en'): string {
  const isMac = /mac/i.test(navigator.userAgent);
  return isMac ? `⌘ ${key}` : `${lang === 'de' ? 'Strg' : 'Ctrl'} ${key}`;
}
