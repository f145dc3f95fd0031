import house from './scripts/eslint-house.mjs';
import tseslint from 'typescript-eslint';

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
    plugins: { house },
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: { ...CORE, ...TYPED },
  },
  {
    files: ['src/**/*.ts'],
    rules: { ...NO_ENVIRONMENT, 'house/class-is-file': 'error', 'house/small-folder': 'error' },
  },
  { files: ['**/*.ts'], rules: { 'house/plain-properties': 'error' } },
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
  {
    // it says on any Node, however old, that another one is needed
    files: ['scripts/check-node.cjs'],
    languageOptions: { ecmaVersion: 5 },
    rules: { 'object-shorthand': 'off', 'prefer-const': 'off' },
  },
);
