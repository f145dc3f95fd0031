import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { openapiDocument } from '../src/openapi';
import { ocpiRoutes } from '../src/server/mount';
import { startHub, type TestHub } from './support/hub';

interface Document {
  openapi: string;
  paths: Record<string, Record<string, unknown>>;
}

const file = parse(fs.readFileSync(path.join(__dirname, '../openapi.yaml'), 'utf8')) as Document;
let hub: TestHub;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.stop());

const methodsOf = (at: string): string[] => Object.keys(file.paths[at] ?? {}).map((m) => m.toUpperCase());

test('openapi.yaml is what the routes and the DTOs make (npm run openapi)', () => {
  expect(file).toEqual(JSON.parse(JSON.stringify(openapiDocument())));
  expect(file.openapi).toBe('3.1.0');
});

test('every reference leads somewhere', () => {
  const references = JSON.stringify(file).match(/"\$ref":"#\/[^"]+"/g) ?? [];
  const missing = references.filter((reference) => {
    const steps = reference.slice(10, -1).split('/');
    return (
      steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], file) ===
      undefined
    );
  });
  expect(references.length).toBeGreaterThan(100);
  expect(missing).toEqual([]);
});

test('every mounted OCPI route stands in it, and no other', () => {
  const mounted = ocpiRoutes().map(
    (route) => `${route.method} /ocpi/${route.pattern.replace(/:(\w+)/g, '{$1}')}`,
  );
  const written = Object.keys(file.paths)
    .filter((at) => at.startsWith('/ocpi/'))
    .flatMap((at) => methodsOf(at).map((method) => `${method} ${at}`));
  expect(written.sort()).toEqual(mounted.sort());
});

test('the admin API allows exactly the methods that stand in it', async () => {
  const paths = Object.keys(file.paths).filter((at) => at.startsWith('/admin/api'));
  for (const at of paths) {
    const { id } = await hub.partner('probe');
    const url = at.replace('{id}', id).replace('{country_code}', 'NL').replace('{party_id}', 'ABC');
    const response = await fetch(hub.url + url, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${hub.adminToken}` },
    });
    expect([at, response.status, (response.headers.get('allow') ?? '').split(', ').sort()]).toEqual([
      at,
      405,
      methodsOf(at).sort(),
    ]);
  }
});
