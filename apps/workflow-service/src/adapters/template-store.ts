import { readTemplate, type Catalog, type EventTypeName, type Template } from '@tom/catalog';
import { sql, type Database, type Tx } from '@tom/postgres';
import { grouped } from './grouped.ts';

/** Every template version that is needed, compiled once; what is in force may be replaced while the service runs. */
export interface Templates {
  /** The current version of each template that is not retired. */
  readonly current: readonly Template[];
  currentOf(key: string): Template | undefined;
  /** Its current version says that nothing starts by it any more. */
  isRetired(key: string): boolean;
  /** Puts the current version of every template in force, all of them at once. */
  replace(latest: readonly Template[]): void;
  /** The current templates whose trigger is this type of event. */
  triggeredBy(event: EventTypeName): readonly Template[];
  /** Whether a version known so far has a rule that this type of event concerns; most need no look at the database. */
  anyRuleOn(event: EventTypeName): boolean;
  /** The current templates of rules alone that this type of event concerns; their rules look at companies. */
  ofCompanies(event: EventTypeName): readonly Template[];
  /** A version by its name, known at once or read from the database; undefined for one that was never stored. */
  version(from: Reader, key: string, version: number): Promise<Template | undefined>;
  /** The template that opens cases of a type. */
  openingOf(caseType: string): Template | undefined;
  /** The version that a case was opened with. Known at once for what is current, else read from the database. */
  ofCases(from: Reader, cases: readonly TemplateRef[]): Promise<(item: TemplateRef) => Template | undefined>;
}

export interface TemplateRef {
  readonly template?: string | undefined;
  readonly templateVersion?: number | undefined;
}

export interface StoredTemplate {
  readonly key: string;
  readonly version: number;
  readonly description: string | null;
  readonly contentHash: string;
  readonly source: string;
  readonly loadedAt: Date;
  readonly runningCases: number;
}

type Reader = Pick<Database, 'query'> | Tx;

/** A version of a template in one word. */
export const nameOf = (key: string, version: number): string => `${key}@${version}`;

/** The channel on which instances tell each other that templates have changed. */
export const TEMPLATES_CHANGED = 'tom_templates';

const COLUMNS = `t.template_key as key, t.version, t.description, t.content_hash as "contentHash", t.source, t.loaded_at as "loadedAt"`;
const RUNNING = `(select count(*) from case_item c where c.template = t.template_key and c.template_version = t.version
  and c.closed_at is null) as "runningCases"`;

const insert = sql(
  'template.insert',
  `insert into workflow_template (template_key, version, description, content_hash, source, loaded_at)
   values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
);
const byKey = sql(
  'template.by_key',
  `select ${COLUMNS}, ${RUNNING} from workflow_template t where template_key = $1 order by version desc`,
);
const byVersion = sql(
  'template.by_version',
  `select ${COLUMNS}, ${RUNNING} from workflow_template t where template_key = $1 and version = $2`,
);
const running = sql(
  'template.running',
  `select distinct template, template_version as "templateVersion" from case_item where closed_at is null
    and template is not null`,
);
const all = sql(
  'template.all',
  `select ${COLUMNS}, ${RUNNING} from workflow_template t order by template_key, version desc`,
);

const highest = sql(
  'template.highest',
  `select distinct on (template_key) template_key as key, version, source from workflow_template
   order by template_key, version desc`,
);
const hashes = sql(
  'template.hashes',
  `select t.template_key as key, t.version, t.content_hash as "contentHash" from workflow_template t
   join unnest($1::text[], $2::int[]) as f(key, version) on t.template_key = f.key and t.version = f.version`,
);
// Whoever takes templates up does so alone: two that each saw only their own half must not both put it in force.
const lock = sql('template.lock', `select pg_advisory_xact_lock(7103, 1)`);
const announce = sql('template.announce', `select pg_notify('${TEMPLATES_CHANGED}', '')`);

/** The highest version of every template. */
export async function highestVersions(from: Reader): Promise<Pick<StoredTemplate, 'key' | 'version' | 'source'>[]> {
  return from.query(highest);
}

/** Of these versions the content of those that are stored, by name. */
export async function storedHashes(from: Reader, versions: readonly Template[]): Promise<ReadonlyMap<string, string>> {
  const names = [versions.map(({ key }) => key), versions.map(({ version }) => version)];
  const rows = await from.query<Pick<StoredTemplate, 'key' | 'version' | 'contentHash'>>(hashes, names);
  return new Map(rows.map((row) => [nameOf(row.key, row.version), row.contentHash]));
}

/** Until the end of the transaction nobody else takes templates up. */
export async function lockTemplates(tx: Tx): Promise<void> {
  await tx.query(lock);
}

/** Wakes every instance at the commit: what is in force has changed. */
export async function announceTemplates(tx: Tx): Promise<void> {
  await tx.query(announce);
}

export async function insertTemplate(tx: Tx, template: Template, now: Date): Promise<void> {
  const { key, version, description, contentHash, source } = template;
  await tx.query(insert, [key, version, description, contentHash, source, now]);
}

export async function storedVersion(from: Reader, key: string, version: number): Promise<StoredTemplate | undefined> {
  return (await from.query<StoredTemplate>(byVersion, [key, version]))[0];
}

/** The versions that open cases run by. */
export async function runningVersions(from: Reader): Promise<TemplateRef[]> {
  return from.query<Required<TemplateRef>>(running);
}

/** All versions of one template, the highest first. */
export async function storedVersions(from: Reader, key: string): Promise<StoredTemplate[]> {
  return from.query<StoredTemplate>(byKey, [key]);
}

/** All versions of all templates, by key, the highest first. */
export async function allStored(from: Reader): Promise<StoredTemplate[]> {
  return from.query<StoredTemplate>(all);
}

/** The types of event that rules of a template are on, or that let their waiting begin anew. */
function concernedBy({ rules }: Template): readonly EventTypeName[] {
  return [...new Set(rules.flatMap((rule) => [rule.on, ...rule.restartsOn]))];
}

function byEvent(
  templates: readonly Template[],
  eventsOf: (template: Template) => readonly EventTypeName[],
): ReadonlyMap<EventTypeName, readonly Template[]> {
  return grouped(templates.flatMap((template) => eventsOf(template).map((event) => [event, template] as const)));
}

/** The templates of a running service; `latest` is the current version of every template. */
export function createTemplates(latest: readonly Template[], catalog: Catalog): Templates {
  const compiled = new Map<string, Template>();
  let current: readonly Template[] = [];
  let retired: ReadonlySet<string> = new Set();
  // Every event asks, and few versions are ever added.
  let triggered: ReadonlyMap<EventTypeName, readonly Template[]> = new Map();
  let lookingAtCompanies: ReadonlyMap<EventTypeName, readonly Template[]> = new Map();
  // Of every version known so far: cases that are open go on by theirs.
  const withRules = new Set<EventTypeName>();
  replace(latest);

  function replace(templates: readonly Template[]): void {
    for (const template of templates) know(template);
    current = templates.filter((template) => !template.retired);
    retired = new Set(templates.filter((template) => template.retired).map(({ key }) => key));
    triggered = byEvent(current, (template) => (template.trigger ? [template.trigger.event] : []));
    lookingAtCompanies = byEvent(current.filter((template) => !template.case), concernedBy);
  }

  function know(template: Template): void {
    compiled.set(nameOf(template.key, template.version), template);
    for (const event of concernedBy(template)) withRules.add(event);
  }

  function known(ref: TemplateRef): Template | undefined {
    if (ref.template === undefined || ref.templateVersion === undefined) return undefined;
    return compiled.get(nameOf(ref.template, ref.templateVersion));
  }

  async function read(from: Reader, key: string, version: number): Promise<void> {
    const stored = await storedVersion(from, key, version);
    if (!stored) throw new Error(`A case runs by ${nameOf(key, version)}, which is not stored`);
    know(readTemplate(stored.source, `${nameOf(key, version)} (stored)`, catalog));
  }

  return {
    get current() {
      return current;
    },
    isRetired: (key) => retired.has(key),
    replace,
    currentOf: (key) => current.find((template) => template.key === key),
    triggeredBy: (event) => triggered.get(event) ?? [],
    anyRuleOn: (event) => withRules.has(event),
    ofCompanies: (event) => lookingAtCompanies.get(event) ?? [],
    version: async (from, template, templateVersion) => {
      const ref = { template, templateVersion };
      if (!known(ref) && (await storedVersion(from, template, templateVersion))) {
        await read(from, template, templateVersion);
      }
      return known(ref);
    },
    openingOf: (caseType) => current.find((template) => template.case?.caseType === caseType),
    ofCases: async (from, cases) => {
      for (const item of cases) {
        if (item.template === undefined || item.templateVersion === undefined || known(item)) continue;
        await read(from, item.template, item.templateVersion);
      }
      return known;
    },
  };
}
