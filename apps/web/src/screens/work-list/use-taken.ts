import { useEffect, useState } from 'react';
import { onLiveEvent, useMe } from '../../api/index.ts';

const SHOWN_MS = 3_000;

/** Tasks that somebody else has claimed just now, and who: their row turns grey for a moment before it leaves. */
export function useTaken(): ReadonlyMap<string, string> {
  const me = useMe();
  const [taken, setTaken] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    const timers = new Set<ReturnType<typeof setTimeout>>();
    const stop = onLiveEvent(({ type, taskId, by }) => {
      if (type !== 'TaskClaimed' || taskId === undefined || by === undefined || by === me.id) return;
      setTaken((before) => new Map(before).set(taskId, by));
      timers.add(
        setTimeout(() => {
          setTaken((before) => new Map([...before].filter(([each]) => each !== taskId)));
        }, SHOWN_MS),
      );
    });
    return () => {
      stop();
      for (const timer of timers) clearTimeout(timer);
    };
  }, [me.id]);
  return taken;
}
