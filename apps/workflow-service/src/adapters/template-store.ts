import { readTemplate, type Catalog, type EventTypeName, type Template } from '@tom/catalog';
import { sql, type Database, type Tx } from '@tom/postgres';
import { grouped } from './grouped.ts';

/** Every template version that is needed, compiled once. */
export interface Templates {
  /** The current version of each template that is in the configuration. */
  readonly current: readonly Template[];
  currentOf(key: string): Template | undefined;
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

const nameOf = (key: string, version: number): string => `${key}@${version}`;

/** The templates of a running service; `current` is what `load-templates` found to be in force. */
export function createTemplates(current: readonly Template[], catalog: Catalog): Templates {
  const compiled = new Map(current.map((template) => [nameOf(template.key, template.version), template]));
  const byCaseType = new Map(
    current.flatMap((template) => (template.case ? [[template.case.caseType, template] as const] : [])),
  );

  // Every event asks, and few versions are ever added.
  const triggered = byEvent(current, (template) => (template.trigger ? [template.trigger.event] : []));
  const lookingAtCompanies = byEvent(current.filter((template) => !template.case), concernedBy);
  const withRules = new Set(current.flatMap(concernedBy));

  function known(ref: TemplateRef): Template | undefined {
    if (ref.template === undefined || ref.templateVersion === undefined) return undefined;
    return compiled.get(nameOf(ref.template, ref.templateVersion));
  }

  async function read(from: Reader, key: string, version: number): Promise<void> {
    const stored = await storedVersion(from, key, version);
    if (!stored) throw new Error(`A case runs by ${nameOf(key, version)}, which is not stored`);
    const template = readTemplate(stored.source, `${nameOf(key, version)} (stored)`, catalog);
    compiled.set(nameOf(key, version), template);
    for (const event of concernedBy(template)) withRules.add(event);
  }

  return {
    current,
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
    openingOf: (caseType) => byCaseType.get(caseType),
    ofCases: async (from, cases) => {
      for (const item of cases) {
        if (item.template === undefined || item.templateVersion === undefined || known(item)) continue;
        await read(from, item.template, item.templateVersion);
      }
      return known;
    },
  };
}
