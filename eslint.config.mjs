import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { boundaries } from './tools/lint/boundaries.mjs';
import { importCycles } from './tools/lint/import-cycles.mjs';

const forbidden = {
  wildcard: {
    selector: 'ExportAllDeclaration',
    message: 'Name what you re-export: the list is the interface.',
  },
  defaultExport: {
    selector: 'ExportDefaultDeclaration',
    message: 'Export by name.',
  },
  mock: {
    selector: "CallExpression[callee.object.name='vi'][callee.property.name=/^(mock|doMock|unstable_mockModule)$/]",
    message: 'No mocks of modules: give the real part or another one through its arguments.',
  },
  clock: [
    { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time comes from the Clock.' },
    { selector: "CallExpression[callee.name='Date']", message: 'Time comes from the Clock.' },
    { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'Time comes from the Clock.' },
  ],
  chance: [
    {
      selector: "MemberExpression[object.name='Math'][property.name='random']",
      message: 'Ids come from newId or the caller; chance comes in as an argument.',
    },
    { selector: "MemberExpression[property.name='randomUUID']", message: 'Ids come from newId or the caller.' },
    { selector: "ImportSpecifier[imported.name='randomUUID']", message: 'Ids come from newId or the caller.' },
  ],
};

const always = [forbidden.wildcard, forbidden.defaultExport, forbidden.mock];
const tests = [
  '**/*.spec.ts',
  '**/test/**/*.ts',
  '**/testing.ts',
  '**/testing-*.ts',
  '**/*-fixture.ts',
  '**/testing/**/*.ts',
  'apps/e2e/**/*.ts',
];

export default tseslint.config(
  { ignores: ['**/node_modules/**', 'dist/**', 'coverage/**', '.nx/**', '.tom/**', '.tom-kafka/**', '**/generated/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { '@typescript-eslint': tseslint.plugin, tom: { rules: { boundaries, 'import-cycles': importCycles } } },
    rules: {
      'tom/boundaries': 'error',
      'tom/import-cycles': 'error',

      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-call': 'error',
      '@typescript-eslint/no-unsafe-member-access': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
      '@typescript-eslint/no-unsafe-argument': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-base-to-string': 'error',
      '@typescript-eslint/no-deprecated': 'error',

      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-console': 'error',
      'no-eval': 'error',
      'max-lines': ['error', { max: 400 }],
      'no-restricted-syntax': ['error', ...always, ...forbidden.clock, ...forbidden.chance],
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'Only main.ts touches the process; settings come in as arguments.' },
      ],
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'node:process', message: 'Only main.ts touches the process.' }, 'process'] },
      ],
    },
  },
  {
    // Where time and ids come from.
    files: ['libs/kernel/src/clock.ts', 'libs/kernel/src/ids.ts'],
    rules: { 'no-restricted-syntax': ['error', ...always] },
  },
  {
    // The only places that touch the process: a service's main, and what main consists of.
    files: ['apps/*/src/main.ts', 'libs/runtime/src/run-main.ts'],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    // It reports the process's own figures.
    files: ['libs/runtime/src/metrics.ts'],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    // A log line tells when it was written, whatever clock the rest is given.
    files: ['libs/runtime/src/logger.ts'],
    rules: { 'no-restricted-syntax': ['error', ...always, ...forbidden.chance] },
  },
  {
    files: ['tools/**/*.ts', ...tests],
    rules: { 'no-restricted-syntax': ['error', ...always], 'no-restricted-globals': 'off', 'no-console': 'off' },
  },
  {
    // A browser has a clock, makes the keys of its own requests, and draws.
    files: ['apps/web/src/**/*.ts', 'apps/web/src/**/*.tsx'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      'no-restricted-syntax': ['error', ...always],
      // Handlers of events may be asynchronous: what they throw is told by the mutation.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      // The router's redirects are thrown.
      '@typescript-eslint/only-throw-error': 'off',
    },
  },
  {
    // Read by tools that expect a default export.
    files: ['*.config.ts', 'apps/web/vite.config.ts', 'tools/**/vitest-global-setup.ts'],
    rules: { 'no-restricted-syntax': ['error', forbidden.wildcard], 'no-restricted-globals': 'off' },
  },
);
