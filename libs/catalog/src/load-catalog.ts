import type { Catalog } from './catalog.ts';

/** Reads and checks every shared file of the folder; throws CatalogError with every problem of all of them. */
export function loadCatalog(configDir: string): Catalog {
  throw new Error(configDir);
}
