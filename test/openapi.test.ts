import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { Router } from 'express';
import { deliveriesRouter } from '../src/admin/deliveries';
import { feedRouter } from '../src/admin/feed';
import { gapsRouter } from '../src/admin/gaps';
import { notKeptRouter } from '../src/admin/not-kept';
import { partnersRouter } from '../src/admin/partners';
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
    (route) => `${route.method} /ocpi/${route.pattern.replace(/:\w+/g, '{}')}`,
  );
  const written = Object.keys(file.paths)
    .filter((at) => at.startsWith('/ocpi/'))
    .flatMap((at) => methodsOf(at).map((method) => `${method} ${at.replace(/\{\w+\}/g, '{}')}`));
  expect(written.sort()).toEqual(mounted.sort());
});

test('no two paths differ only in the names of their parameters', () => {
  const forms = Object.keys(file.paths).map((at) => at.replace(/\{\w+\}/g, '{}'));
  expect(forms.length).toBe(new Set(forms).size);
});

/** What a router of the admin API serves, as "METHOD /path"; 405s are no operations. */
const servedBy = (at: string, router: Router): string[] =>
  router.stack.flatMap(({ route }) =>
    (route?.stack ?? [])
      .filter((layer) => layer.method)
      .map((layer) => {
        const path = route?.path === '/' ? '' : (route?.path ?? '').replace(/:(\w+)/g, '{$1}');
        return `${layer.method.toUpperCase()} ${at}${path}`;
      }),
  );

test('every admin route stands in it, and no other', () => {
  const served = [
    ...servedBy('/admin/api/partners', partnersRouter(hub.context)),
    ...servedBy('/admin/api/feed', feedRouter(hub.context)),
    ...servedBy('/admin/api/deliveries', deliveriesRouter(hub.context)),
    ...servedBy('/admin/api/gaps', gapsRouter(hub.context)),
    ...servedBy('/admin/api/not-kept', notKeptRouter(hub.context)),
  ];
  const written = Object.keys(file.paths)
    .filter((at) => at.startsWith('/admin/api/'))
    .flatMap((at) => methodsOf(at).map((method) => `${method} ${at}`));
  expect(written.sort()).toEqual([...new Set(served)].sort());
});

test('a fresh token A is answered with the status that stands in it', async () => {
  const { id } = await hub.partner('renewed');
  const { http } = await hub.admin('POST', `/partners/${id}/token_a`);
  const { responses } = file.paths['/admin/api/partners/{id}/token_a']?.post as { responses: object };
  expect(Object.keys(responses)).toContain(String(http));
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
