import { checkOf } from '../src/ocpi/check';
import { classesUnder } from '../src/ocpi/check/schema';
import { versions } from '../src/ocpi/versions';
import { openapiDocument } from '../src/openapi';
import { exampleNames, exampleOf } from '../src/openapi/examples';
import { rootsOf } from '../src/openapi/objects';
import { schemaAt } from './support/schemas';

/* What a reader of openapi.yaml finds: names, words and examples. */

type Json = Record<string, unknown>;

interface Media {
  schema: Json;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}
interface Operation {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  parameters: (Json & { $ref?: string })[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { $ref?: string; description?: string; content?: Record<string, Media> }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  tags: { name: string; description: string }[];
  'x-tagGroups': { name: string; tags: string[] }[];
  components: {
    parameters: Record<string, Json>;
    headers: Record<string, Json>;
    responses: Record<string, { content?: Record<string, Media> }>;
  };
}

const document = JSON.parse(JSON.stringify(openapiDocument())) as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);
const classes = new Map(
  versions.flatMap(rootsOf).flatMap((root) => [...classesUnder(root)].map((cls) => [cls.name, cls] as const)),
);

test('every operation has a name of its own', () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(ids.filter((id) => !/^[a-z]\w+$/.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});

test('operations that clients are generated for keep their names', () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  const known = [
    'register',
    'putLocation',
    'patchEVSE',
    'postCDR',
    'listTokens',
    'authorizeToken',
    'startSession',
  ];
  expect(ids).toEqual(expect.arrayContaining([...known, 'createPartner', 'getSync', 'listDeliveries']));
});

test('operations, parameters, headers and tags say what they are for', () => {
  const { parameters, headers } = document.components;
  const wordless = [
    ...operations
      .filter(({ operation: { summary, description } }) => !summary || !description)
      .map(({ path }) => path),
    ...operations.flatMap(({ operation }) =>
      operation.parameters.filter((one) => !one.$ref && !one.description),
    ),
    ...Object.entries({ ...parameters, ...headers }).filter(([, { description }]) => !description),
    ...document.tags.filter(({ name, description }) => !description || description === name),
  ];
  expect(wordless).toEqual([]);
});

test('the partner part and the admin part share no tag', () => {
  const tagsBelow = (prefix: string): string[] =>
    operations.filter(({ path }) => path.startsWith(prefix)).flatMap(({ operation }) => operation.tags);
  const [partner, admin] = [new Set(tagsBelow('/ocpi')), new Set(tagsBelow('/admin'))];
  expect([...partner].filter((tag) => admin.has(tag))).toEqual([]);
  expect(document['x-tagGroups'].map(({ tags }) => tags.sort()).slice(0, 2)).toEqual([
    [...partner].sort(),
    [...admin].sort(),
  ]);
  expect(document.tags.map(({ name }) => name).sort()).toEqual(
    document['x-tagGroups'].flatMap(({ tags }) => tags).sort(),
  );
});

const bodies = operations.flatMap(({ path, method, operation }) =>
  Object.entries(operation.requestBody?.content ?? {}).map(([type, media]) => ({
    path,
    method,
    type,
    media,
  })),
);
const escaped = (step: string): string =>
  encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));

test('every request with a body shows an example that fits', () => {
  const unfit = bodies.filter(({ path, method, type, media }) => {
    const fits = schemaAt(`/paths/${escaped(path)}/${method}/requestBody/content/${escaped(type)}/schema`);
    return media.example === undefined || !fits(media.example);
  });
  expect(bodies.length).toBeGreaterThan(20);
  expect(unfit).toEqual([]);
});

/** What a media type shows. */
const shownBy = ({ example, examples = {} }: Media): unknown[] => [
  ...(example === undefined ? [] : [example]),
  ...Object.values(examples).map(({ value }) => value),
];

test('every example of an answer fits', () => {
  const answers = operations.flatMap(({ path, method, operation }) =>
    Object.entries(operation.responses).flatMap(([http, { content = {} }]) =>
      Object.entries(content).map(([type, media]) => {
        const at = `/paths/${escaped(path)}/${method}/responses/${http}/content/${escaped(type)}/schema`;
        return { name: `${method} ${path} ${http}`, at, shown: shownBy(media) };
      }),
    ),
  );
  const unfit = answers.filter(({ at, shown }) => shown.some((example) => !schemaAt(at)(example)));
  expect(answers.flatMap(({ shown }) => shown).length).toBeGreaterThan(100);
  expect(unfit.map(({ name }) => name)).toEqual([]);
});

test('answers to partners that have data show it, and a refusal', () => {
  const contents = operations
    .filter(({ path }) => path.startsWith('/ocpi'))
    .flatMap(({ method, path, operation }) => {
      const media = operation.responses['200']?.content?.['application/json'];
      return media ? [{ name: `${method} ${path}`, media }] : [];
    });
  const silent = contents.filter(({ media: { schema, examples } }) => {
    const done = examples?.done?.value as Json | undefined;
    return examples?.refused === undefined || (schema.allOf !== undefined && done?.data === undefined);
  });
  expect(contents.length).toBeGreaterThan(40);
  expect(silent.map(({ name }) => name)).toEqual([]);
});

test('each refusal shows what the hub answers under that HTTP status', () => {
  const refusals = Object.entries(document.components.responses).filter(([name]) => name.startsWith('E'));
  for (const [name, { content }] of refusals)
    expect([name, content?.['application/json']?.example]).toEqual([
      name,
      expect.objectContaining({ status_code: expect.any(Number), status_message: expect.any(String) }),
    ]);
  expect(refusals.length).toBeGreaterThan(7);
});

test.each(exampleNames().filter((name) => classes.has(name)))('the example %s fits by the hub', (name) => {
  const cls = classes.get(name);
  expect(cls && checkOf(cls)(exampleOf(name))).toEqual([]);
});

test('every example is one of the document', () => {
  const text = JSON.stringify(document);
  expect(exampleNames().filter((name) => !text.includes(JSON.stringify(exampleOf(name))))).toEqual([]);
});
