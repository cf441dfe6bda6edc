/** Lets a request wait for what this process's own handlers do to a company; woken after their commit, never polling. */
export interface OrgWatch {
  /** To be called after the commit of what changed something about the company. */
  changed(orgId: string): void;
  /** Asks `done` now and after each change, until it answers something or the time is over. */
  until<T>(orgId: string, done: () => Promise<T | undefined>, timeoutMs: number): Promise<T | undefined>;
}

export function createOrgWatch(): OrgWatch {
  const waiting = new Map<string, Set<() => void>>();
  return {
    changed: (orgId) => {
      for (const wake of waiting.get(orgId) ?? []) wake();
    },
    until: async (orgId, done, timeoutMs) => {
      const wakers = waiting.get(orgId) ?? new Set();
      waiting.set(orgId, wakers);
      let over = false;
      let changed = false;
      let resume: (() => void) | undefined;
      const wake = (): void => {
        changed = true;
        resume?.();
      };
      const timer = setTimeout(() => {
        over = true;
        resume?.();
      }, timeoutMs);
      wakers.add(wake);
      try {
        for (;;) {
          changed = false;
          const answer = await done();
          if (answer !== undefined || over) return answer;
          if (!changed) await new Promise<void>((resolve) => (resume = resolve));
          resume = undefined;
        }
      } finally {
        clearTimeout(timer);
        wakers.delete(wake);
        if (wakers.size === 0 && waiting.get(orgId) === wakers) waiting.delete(orgId);
      }
    },
  };
}
