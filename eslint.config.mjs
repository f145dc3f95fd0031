import tseslint from 'typescript-eslint';

/** Which folders of src a folder may import: nothing upward, nothing sideways. */
const BELOW_HUB = ['partners', 'store', 'ocpi', 'domain'];
const MAY_IMPORT = {
  domain: [],
  postgres: [], // a leaf: it starts and ends a server, and knows nothing of the hub
  ocpi: ['domain'],
  store: ['ocpi', 'domain'],
  partners: ['ocpi', 'domain'],
  hub: BELOW_HUB,
  server: ['hub', ...BELOW_HUB],
  sync: ['hub', ...BELOW_HUB],
  admin: ['hub', ...BELOW_HUB],
  simulator: [], // a mistake shared with the hub would hide
  demo: ['simulator'],
};
/** The single files of src: what follows context builds everything, so that only the top layers may know them. */
const FILES = ['config', 'errors', 'secrets', 'context', 'build-context', 'app', 'serving', 'start', 'main'];
const PURE = ['domain', 'ocpi', 'postgres', 'simulator', 'demo'];
const TOP = ['server', 'sync', 'admin'];

const filesFor = (folder) =>
  folder === 'ocpi'
    ? ['errors']
    : PURE.includes(folder)
      ? []
      : TOP.includes(folder)
        ? ['config', 'errors', 'context']
        : ['config', 'errors'];

const leaving = (names) => `^(\\.\\./)+(${names.join('|')})(/|$)`;
const OUTSIDE_SRC = {
  regex: leaving(['test', 'bench', 'scripts']),
  message: 'The hub does not know its tests and tools.',
};
const ONLY_PARTNERS = ['axios', 'undici'].map((name) => ({
  name,
  message: 'Only src/partners talks HTTP to the outside: it guards addresses, deadlines and sizes.',
}));

function imports({ patterns = [], paths = ONLY_PARTNERS }) {
  return { 'no-restricted-imports': ['error', { paths, patterns: [OUTSIDE_SRC, ...patterns] }] };
}

/** What a folder of src may not import of the rest of src. */
function foreign(folder) {
  const others = Object.keys(MAY_IMPORT).filter(
    (name) => name !== folder && !MAY_IMPORT[folder].includes(name),
  );
  const files = FILES.filter((name) => !filesFor(folder).includes(name));
  const allowed = [...MAY_IMPORT[folder], ...filesFor(folder)].join(', ') || 'nothing else of src';
  return { regex: leaving([...others, ...files]), message: `src/${folder} may import: ${allowed}.` };
}

const layers = Object.keys(MAY_IMPORT).map((folder) => ({
  files: [`src/${folder}/**/*.ts`],
  rules: imports({ patterns: [foreign(folder)], ...(folder === 'partners' ? { paths: [] } : {}) }),
}));

/** Rules inside a layer; each repeats what its layer forbids, as a later block replaces an earlier one. */
const insideLayers = [
  {
    files: ['src/ocpi/v2_2_1/*.ts'],
    rules: imports({
      patterns: [
        foreign('ocpi'),
        { regex: '^\\.\\./v\\d', message: 'A version does not import another version.' },
      ],
    }),
  },
  {
    files: ['src/ocpi/v2_2_1/*/**/*.ts'],
    rules: imports({
      patterns: [
        foreign('ocpi'),
        {
          regex: '^\\.\\./(?!\\.\\.|types(/|$)|common(/|$))',
          message: 'A module does not import a sibling module; what they share is in ../types and ../common.',
        },
        { regex: '^(\\.\\./)+v\\d', message: 'A version does not import another version.' },
      ],
    }),
  },
  {
    files: ['src/server/handlers/**/*.ts'],
    rules: imports({
      patterns: [
        foreign('server'),
        {
          regex: leaving(['partners', 'store']),
          message: 'A handler reaches partners and store through src/hub.',
        },
      ],
    }),
  },
];

const NO_ENVIRONMENT = {
  'no-restricted-properties': [
    'error',
    { object: 'process', property: 'env', message: 'Only src/config.ts reads the environment.' },
  ],
};

const CORE = {
  eqeqeq: 'error',
  'no-console': 'error',
  'no-constant-condition': 'error',
  'no-else-return': 'error',
  'no-fallthrough': 'error',
  'no-self-compare': 'error',
  'no-unneeded-ternary': 'error',
  'no-unreachable': 'error',
  'no-unsafe-finally': 'error',
  'no-useless-return': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
};

const TYPED = {
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/return-await': ['error', 'in-try-catch'],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/require-await': 'off', // an interface may promise what one of its makers has at once
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
};

/** Tests read JSON answers as they come, and measure and print. */
const RELAXED = {
  'no-console': 'off',
  '@typescript-eslint/no-non-null-assertion': 'off',
  '@typescript-eslint/no-unsafe-argument': 'off',
  '@typescript-eslint/no-unsafe-assignment': 'off',
  '@typescript-eslint/no-unsafe-call': 'off',
  '@typescript-eslint/no-unsafe-member-access': 'off',
  '@typescript-eslint/no-unsafe-return': 'off',
  '@typescript-eslint/unbound-method': 'off',
};

const NODE_GLOBALS = {
  console: 'readonly',
  module: 'writable',
  process: 'readonly',
  require: 'readonly',
  __dirname: 'readonly',
};

export default tseslint.config(
  { ignores: ['dist/', 'dist.*/', 'node_modules/', 'data/', '.data/', 'coverage/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: { ...CORE, ...TYPED },
  },
  { files: ['src/**/*.ts'], rules: { ...imports({}), ...NO_ENVIRONMENT } },
  ...layers,
  ...insideLayers,
  {
    files: ['src/config.ts', 'src/simulator/**/*.ts', 'src/demo/**/*.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  { files: ['src/simulator/**/*.ts', 'src/demo/**/*.ts', 'src/main.ts'], rules: { 'no-console': 'off' } },
  { files: ['test/**/*.ts', 'bench/**/*.ts'], rules: RELAXED },
  {
    files: ['**/*.cjs', '**/*.mjs'],
    languageOptions: { globals: NODE_GLOBALS },
    rules: {
      ...CORE,
      'no-undef': 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-console': 'off',
    },
  },
);
