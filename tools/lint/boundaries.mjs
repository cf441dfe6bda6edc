import { dirname, join, relative, resolve, sep } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Who may import which of our packages. The order has no way back, so no cycle between packages can arise. */
const mayImport = {
  'libs/kernel': [],
  'libs/contracts': [],
  'libs/rules': ['kernel'],
  'libs/catalog': ['kernel', 'rules'],
  'libs/workflow': ['kernel', 'rules', 'catalog'],
  'libs/postgres': ['kernel'],
  'libs/messaging': ['kernel', 'postgres'],
  'libs/runtime': ['kernel'],
  'libs/service': ['kernel', 'contracts', 'catalog', 'postgres', 'messaging', 'runtime'],
  'apps/stage-service': ['libs'],
  'apps/activity-service': ['libs'],
  'apps/task-service': ['libs'],
  'apps/workflow-service': ['libs'],
  'apps/gateway': ['libs'],
  'apps/e2e': ['libs', 'tools'],
  'apps/web': ['contracts'],
  tools: ['libs'],
};

const libs = Object.keys(mayImport)
  .filter((name) => name.startsWith('libs/'))
  .map((name) => name.slice('libs/'.length));

/** Inside a service: an import goes inward (to a smaller number) or stays in its layer. */
const layers = { main: 6, app: 5, grpc: 4, subscriptions: 4, 'use-cases': 3, handlers: 3, adapters: 2, domain: 1 };

/** What the rules of a service may see of ours: pure as they are. */
const pure = ['kernel', 'workflow'];
const domainImports = 'domain/ imports its siblings, @tom/kernel and @tom/workflow only';

/** What a file is to these rules; undefined outside of the packages. */
function placeOf(file) {
  const parts = relative(root, file).split(sep);
  const project = parts[0] === 'tools' ? 'tools' : parts.slice(0, 2).join('/');
  if (!(project in mayImport)) return undefined;
  const isService = project.endsWith('-service') && parts[2] === 'src';
  const layer = isService ? parts[3].replace(/\.ts$/, '') : undefined;
  return { project, layer: layer in layers ? layer : undefined, isTest: /\.spec\.ts$|\/test\/|testing/.test(file) };
}

function problemWith(from, file, source) {
  const own = /^@tom\/([^/]+)/.exec(source)?.[1];
  if (own !== undefined) return problemWithPackage(from, own);
  if (source.startsWith('.')) return problemWithFile(from, file, source);
  if (from.layer === 'domain' && !from.isTest) return domainImports;
  return undefined;
}

function problemWithPackage(from, name) {
  if (from.layer === 'domain' && !pure.includes(name) && !from.isTest) return domainImports;
  const allowed = mayImport[from.project].flatMap((entry) => (entry === 'libs' ? libs : [entry]));
  if (allowed.includes(name)) return undefined;
  return `${from.project} may import ${allowed.length > 0 ? allowed.map((one) => `@tom/${one}`).join(', ') : 'none of our packages'}, not @tom/${name}`;
}

function problemWithFile(from, file, source) {
  const to = placeOf(join(dirname(file), source));
  if (to?.project !== from.project)
    return `a relative import stays in ${from.project}; other packages are imported by name`;
  if (from.isTest || from.layer === undefined || to.layer === undefined) return undefined;
  if (from.layer === 'domain' && to.layer !== 'domain') return domainImports;
  if (layers[to.layer] > layers[from.layer]) return `${from.layer} lies further in than ${to.layer}: imports go inward`;
  if (layers[to.layer] === layers[from.layer] && to.layer !== from.layer)
    return `${from.layer} and ${to.layer} never call each other`;
  return undefined;
}

/** Calls back with every module that the file names: imports, re-exports and dynamic imports. */
export function onEachSource(check) {
  const visit = (node) => typeof node.source?.value === 'string' && check(node.source, node.source.value);
  return {
    ImportDeclaration: visit,
    ExportNamedDeclaration: visit,
    ExportAllDeclaration: visit,
    ImportExpression: visit,
  };
}

export const boundaries = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const from = placeOf(context.filename);
    if (!from) return {};
    return onEachSource((node, source) => {
      const message = problemWith(from, context.filename, source);
      if (message) context.report({ node, message: `Out of bounds: ${message}.` });
    });
  },
};
