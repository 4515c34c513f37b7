import { defineConfig, globalIgnores } from 'eslint/config';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** What each folder of main may import of the others: dependencies run downward only. */
const below = {
  app: ['ipc', 'uploads', 'history/export-history.ts', 'settings/settings.ts'],
  cli: ['uploads', 'transfer/part-size.ts', 'credentials', 'settings', 'app/system-language.ts'],
  ipc: ['uploads'],
  uploads: ['transfer', 'package', 'credentials', 'settings', 'sandbox', 'history'],
  sandbox: ['transfer/crc64.ts'],
  transfer: ['package/read-range.ts', 'package/read-small-file.ts', 'package/source-file.ts'],
  package: [],
  credentials: [],
  settings: [],
  history: ['settings/write-file-atomically.ts'],
};
const folders = Object.keys(below);

/** Packages that one place wraps, so that nothing else depends on them. */
const wrapped = {
  electron: 'electron is imported only in main/index.ts, main/app, main/ipc and preload/index.ts.',
  keytar: 'keytar is imported only in main/credentials/keychain.ts.',
  'cos-nodejs-sdk-v5': 'The COS SDK is imported only in main/transfer/cos-signature.ts.',
  archiver: 'archiver is imported only in main/package.',
  'electron-updater': 'electron-updater is imported only in main/app/update-source.ts.',
};

const up = '^(\\.\\./)+';
const noRenderer = { pattern: `${up}renderer/`, message: 'Only renderer imports renderer.' };
const noMain = { pattern: `${up}main/`, message: 'Nothing outside of main imports main; the contract is preload/contract.ts.' };
const noNode = { pattern: '^node:', message: 'There is no Node in the window.' };
const noPreloadScript = { pattern: `${up}preload/index`, message: 'The preload script is nobody\'s module.' };

/**
 * The import rules of some files. One call holds all of them, because a later configuration
 * replaces the options of an earlier one.
 * @param {string} name
 * @param {string[]} files
 * @param {{ packages?: (keyof typeof wrapped)[], patterns?: { pattern: string, message: string }[] }} allowed
 *   Wrapped packages that these files may use, and imports they may not.
 */
function imports(name, files, { packages = [], patterns = [] }) {
  const closed = Object.entries(wrapped).filter(([wrappedName]) => !packages.includes(wrappedName));
  const restricted = [...patterns, ...closed.map(([wrappedName, message]) => ({ pattern: `^${wrappedName}(/|$)`, message }))];
  return {
    name: `layers/${name}`,
    files,
    rules: {
      'no-restricted-imports': ['error', { patterns: restricted.map(({ pattern, message }) => ({ regex: pattern, message })) }],
      // The rule above does not look at `import()`.
      'no-restricted-syntax': ['error', ...restricted.map(({ pattern, message }) => ({
        selector: `ImportExpression[source.value=/${pattern.replaceAll('/', '\\u002F')}/]`,
        message,
      }))],
    },
  };
}

/** @param {keyof typeof below} folder */
function folderPatterns(folder) {
  const allowed = below[folder];
  const closed = folders.filter((other) => other !== folder && !allowed.includes(other)).map((other) => {
    const exceptions = allowed.filter((path) => path.startsWith(`${other}/`)).map((path) => path.slice(other.length + 1).replace('.', '\\.'));
    return exceptions.length > 0 ? `${other}/(?!(${exceptions.join('|')})$)` : `${other}/`;
  });
  return [
    noRenderer,
    noPreloadScript,
    { pattern: `${up}(${closed.join('|')}|index)`, message: `main/${folder} may import only ${[...allowed, 'the files at the top of main', 'preload'].join(', ')}.` },
  ];
}

/** @type {Partial<Record<string, (keyof typeof wrapped)[]>>} */
const folderPackages = { app: ['electron'], ipc: ['electron'], package: ['archiver'] };

export default defineConfig(
  globalIgnores(['node_modules/', 'out/', 'dist/', 'test/results/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  {
    name: 'house',
    files: ['**/*.{js,mjs,ts,svelte}'],
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', 300],
      'no-restricted-exports': ['error', {
        restrictDefaultExports: { direct: true, named: true, defaultFrom: true, namedFrom: true, namespaceFrom: true },
      }],
      'no-cond-assign': 'error',
      'no-constant-condition': ['error', { checkLoops: false }],
      'no-control-regex': 'error',
      'no-empty': 'error',
      'no-misleading-character-class': 'error',
      'no-self-assign': 'error',
      'no-unsafe-finally': 'error',
      'no-useless-escape': 'error',
      'no-var': 'error',
      'object-shorthand': ['error', 'properties'],
      'prefer-const': 'error',
      'use-isnan': 'error',
    },
  },
  {
    name: 'house/scripts',
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: globals.node },
    rules: { 'no-undef': 'error', 'no-unused-vars': 'error' },
  },
  {
    name: 'house/types',
    files: ['**/*.ts'],
    extends: [tseslint.configs.strict],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    name: 'house/components',
    files: ['**/*.svelte', '**/*.svelte.ts'],
    extends: [tseslint.configs.strict, svelte.configs.recommended],
    // Types inside components are svelte-check's; here they would cost a second program.
    languageOptions: { globals: globals.browser, parserOptions: { parser: tseslint.parser, projectService: false } },
    rules: {
      ...tseslint.configs.disableTypeChecked.rules,
      // `let { … } = $props()` is Svelte's own way to declare what a component takes.
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { excludedRunes: ['$props', '$state'] }],
    },
  },
  {
    name: 'house/app',
    files: ['main/**', 'preload/**', 'renderer/**'],
    // What is printed bypasses the log's redaction.
    rules: { 'no-console': 'error' },
  },
  {
    name: 'house/tests',
    files: ['test/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    name: 'house/words',
    files: ['preload/locales/**'],
    rules: { 'max-lines': 'off' },
  },
  {
    name: 'house/tool-configuration',
    files: ['**/*.config.{js,ts}', '**/*.d.ts'],
    rules: { 'no-restricted-exports': 'off' },
  },

  imports('renderer', ['renderer/**/*.{ts,svelte}'], {
    patterns: [
      noMain,
      noNode,
      { pattern: `${up}preload/(?!contract\\.ts$|problem-codes\\.ts$|locales/)`, message: 'Of preload, renderer imports only the contract, the problem codes and the locales.' },
    ],
  }),
  imports('preload', ['preload/**/*.ts'], { patterns: [noMain, noRenderer, noNode] }),
  imports('preload script', ['preload/index.ts'], { packages: ['electron'], patterns: [noMain, noRenderer, noNode] }),
  imports('main', ['main/*.ts'], {
    patterns: [noRenderer, noPreloadScript, { pattern: '^\\./[^/]+/', message: 'What everything may import imports nothing of the folders.' }],
  }),
  imports('main index', ['main/index.ts'], { packages: ['electron'], patterns: [noRenderer, noPreloadScript] }),
  imports('main command line', ['main/cli.ts'], { patterns: [noRenderer, noPreloadScript, { pattern: '^\\./(?!cli/|uploads/begin-threads\\.ts$)[^/]+/', message: 'The command line is main/cli; threads are begun before it is loaded.' }] }),
  ...folders.map((folder) => imports(`main/${folder}`, [`main/${folder}/**/*.ts`], {
    packages: folderPackages[folder] ?? [],
    patterns: folderPatterns(folder),
  })),
  imports('keychain', ['main/credentials/keychain.ts'], { packages: ['keytar'], patterns: folderPatterns('credentials') }),
  imports('updates', ['main/app/update-source.ts'], { packages: ['electron-updater'], patterns: folderPatterns('app') }),
  imports('COS signature', ['main/transfer/cos-signature.ts'], { packages: ['cos-nodejs-sdk-v5'], patterns: folderPatterns('transfer') }),
);
