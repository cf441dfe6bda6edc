import { useCallback, useRef, useState } from 'react';

/**
 * What somebody types is kept on the device while they type, until the server has it: closing, reloading and failing
 * lose nothing. Keys hold ids, never names; signing out erases all of them.
 */
const PREFIX = 'tom.draft.';

export interface Draft<T> {
  readonly value: T;
  /** When it was last typed at; undefined for a form as it opens. */
  readonly at: Date | undefined;
  /** Whether the value came back from the device when the form opened. */
  readonly restored: boolean;
  change(next: T): void;
  /** Forgets it, when the server has it or the person does not want it; the form is as it opens again. */
  clear(): void;
}

interface Kept<T> {
  readonly at: string;
  readonly value: T;
}

/** A form's value that survives. `key` is made of the form and ids, as in `log.<orgId>`. */
export function useDraft<T>(key: string, initial: T): Draft<T> {
  const first = useRef(initial);
  const [kept, setKept] = useState<{ readonly value: T; readonly at: Date | undefined; readonly restored: boolean }>(() => {
    const found = readDraft<T>(key);
    return found ? { value: found.value, at: new Date(found.at), restored: true } : { value: initial, at: undefined, restored: false };
  });
  const change = useCallback(
    (value: T) => {
      const at = new Date();
      localStorage.setItem(PREFIX + key, JSON.stringify({ at: at.toISOString(), value } satisfies Kept<T>));
      setKept({ value, at, restored: false });
    },
    [key],
  );
  const clear = useCallback(() => {
    localStorage.removeItem(PREFIX + key);
    setKept({ value: first.current, at: undefined, restored: false });
  }, [key]);
  return { ...kept, change, clear };
}

function readDraft<T>(key: string): Kept<T> | undefined {
  try {
    const text = localStorage.getItem(PREFIX + key);
    return text === null ? undefined : (JSON.parse(text) as Kept<T>);
  } catch {
    return undefined;
  }
}

/** Erases every draft, as signing out does. */
export function forgetDrafts(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}
