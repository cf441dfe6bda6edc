import type { Cluster } from './cluster.ts';

/** Connected clusters for readers, one each: a waiting fetch holds up every other on its connection. */
export interface ClusterPool {
  take(): Promise<Cluster>;
  /** For the next reader; nothing may be under way on it. */
  giveBack(cluster: Cluster): void;
  discard(cluster: Cluster): void;
  close(): Promise<void>;
}

const MOST_IDLE = 2;
const IDLE_MS = 60_000;

/** Makes clusters as they are needed and keeps two for a minute: readers come and go with requests. */
export function createClusterPool(create: () => Cluster): ClusterPool {
  const all = new Set<Cluster>();
  const idle: { readonly cluster: Cluster; readonly timer: NodeJS.Timeout }[] = [];

  async function end(cluster: Cluster): Promise<void> {
    all.delete(cluster);
    await cluster.disconnect().catch(() => undefined);
  }

  function dropIdle(cluster: Cluster): void {
    const at = idle.findIndex((one) => one.cluster === cluster);
    if (at >= 0) idle.splice(at, 1);
    void end(cluster);
  }

  return {
    take: async () => {
      const kept = idle.pop();
      if (kept) {
        clearTimeout(kept.timer);
        return kept.cluster;
      }
      const cluster = create();
      all.add(cluster);
      try {
        await cluster.connect();
        return cluster;
      } catch (error) {
        await end(cluster);
        throw error;
      }
    },
    giveBack: (cluster) => {
      if (!all.has(cluster)) return;
      if (idle.length >= MOST_IDLE) return void end(cluster);
      idle.push({ cluster, timer: setTimeout(() => dropIdle(cluster), IDLE_MS).unref() });
    },
    discard: (cluster) => void end(cluster),
    close: async () => {
      for (const { timer } of idle.splice(0)) clearTimeout(timer);
      await Promise.all([...all].map(end));
    },
  };
}
