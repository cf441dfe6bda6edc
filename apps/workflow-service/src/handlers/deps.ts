import type { Catalog } from '@tom/catalog';
import type { OrgWatch } from '../adapters/org-watch.ts';
import type { Templates } from '../adapters/template-store.ts';

/** What handlers need beside their context. */
export interface HandlerDeps {
  readonly catalog: Catalog;
  readonly templates: Templates;
  readonly watch: OrgWatch;
}
