'use strict';

/* What may import what in src. `npm run lint` checks it; type imports count like all others. */

const BELOW_HUB = ['partners', 'store', 'ocpi', 'domain'];
/** Which folders of src a folder may import: nothing upward, nothing sideways. */
const LAYERS = {
  domain: [],
  ocpi: ['domain'],
  store: ['ocpi', 'domain'],
  partners: ['ocpi', 'domain'],
  hub: BELOW_HUB,
  server: ['hub', ...BELOW_HUB],
  sync: ['hub', ...BELOW_HUB],
  admin: ['hub', ...BELOW_HUB],
  openapi: ['server', 'admin', 'hub', ...BELOW_HUB],
  postgres: [], // a leaf: it starts and ends a server, and knows nothing of the hub
  simulator: [], // a mistake shared with the hub would hide
  demo: ['simulator'],
  settings: ['domain'], // read first of all
  doctor: ['store', 'postgres', 'settings'], // looks at what a start would use
};

/** The single files of src that a folder may import: what builds everything is known to the top layers only. */
const FILES = {
  domain: [],
  ocpi: ['errors'],
  postgres: [],
  simulator: [],
  demo: [],
  server: ['config', 'errors', 'context'],
  admin: ['config', 'errors', 'context'],
  sync: ['config', 'errors'],
  openapi: ['config', 'errors', 'version'],
  settings: ['config'],
  doctor: ['config', 'port', 'usage', 'version'],
};

/** In these layers a story imports no other story; `shared` serves them all, `fronts` speak for several. */
const STORIES = {
  hub: { shared: ['objects'], fronts: ['admin'] },
  sync: { shared: ['deliver', 'leases'], fronts: [] },
  store: { shared: ['objects', 'write-lane'], fronts: [] },
};

const any = (names) => `(${names.join('|')})`;

function layer([folder, below]) {
  const files = (FILES[folder] ?? ['config', 'errors']).map((name) => `^src/${name}\\.ts$`);
  return {
    name: `layer-${folder}`,
    comment: `src/${folder} may import: ${below.join(', ') || 'nothing else of src'}.`,
    severity: 'error',
    from: { path: `^src/${folder}/` },
    to: { path: '^src/', pathNot: [`^src/${any([folder, ...below])}/`, ...files] },
  };
}

function stories([folder, { shared, fronts }]) {
  return {
    name: `stories-of-${folder}`,
    comment: `A story of src/${folder} imports no other story but ${shared.join(' and ')}.`,
    severity: 'error',
    from: { path: `^src/${folder}/([^/]+)/`, pathNot: fronts.map((front) => `^src/${folder}/${front}/`) },
    to: { path: `^src/${folder}/[^/]+/`, pathNot: [`^src/${folder}/$1/`, `^src/${folder}/${any(shared)}/`] },
  };
}

const only = (name, { packages, folders, comment }) => ({
  name,
  comment,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${any(folders)}/` },
  to: { path: `node_modules/${any(packages)}/` },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'No file imports itself by a detour.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...Object.entries(LAYERS).map(layer),
    ...Object.entries(STORIES).map(stories),
    only('http-only-in-partners', {
      packages: ['axios', 'undici'],
      folders: ['partners', 'simulator', 'demo'],
      comment: 'Only src/partners talks HTTP to the outside: it guards addresses, deadlines and sizes.',
    }),
    only('pg-only-in-store', {
      packages: ['pg', '@types/pg'],
      folders: ['store', 'postgres'],
      comment: 'Only src/store speaks SQL; src/postgres starts its server.',
    }),
    {
      name: 'handlers-through-hub',
      comment: 'A handler reaches partners and store through src/hub.',
      severity: 'error',
      from: { path: '^src/server/handlers/' },
      to: { path: '^src/(partners|store)/' },
    },
    {
      name: 'version-apart',
      comment: 'A version does not import another version.',
      severity: 'error',
      from: { path: '^src/ocpi/(v[0-9_]+)/' },
      to: { path: '^src/ocpi/v[0-9_]+/', pathNot: '^src/ocpi/$1/' },
    },
    {
      name: 'version-by-list',
      comment: 'A version is reached through the list in src/ocpi/versions.ts.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/ocpi/(v[0-9_]+/|versions\\.ts$)' },
      to: { path: '^src/ocpi/v[0-9_]+/' },
    },
    {
      name: 'module-apart',
      comment: 'A module does not import a sibling module; what they share is in types.',
      severity: 'error',
      from: { path: '^src/ocpi/(v[0-9_]+)/([^/]+)/' },
      to: { path: '^src/ocpi/$1/[^/]+/', pathNot: '^src/ocpi/$1/($2|types)/' },
    },
    {
      name: 'src-stands-alone',
      comment: 'The hub does not know its tests and tools.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|scripts)/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
