import type { Browser } from 'playwright-core';
import { startBrowser } from '../support/browser';
import { startHub, type TestHub } from '../support/hub';
import { openapiDocument } from '../../src/openapi';

/* /docs in a real browser. */

let hub: TestHub;
let browser: Browser;

beforeAll(async () => {
  hub = await startHub();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await hub?.stop();
});

test('/docs lists every operation, asks nobody else and breaks no rule of its own', async () => {
  const page = await browser.newPage();
  const foreign: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== hub.url) foreign.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
  await page.addInitScript(
    `document.addEventListener('securitypolicyviolation', (event) => console.error('CSP: ' + event.violatedDirective))`,
  );

  await page.goto(`${hub.url}/docs`);
  await page.locator('.opblock').first().waitFor();
  const count = Object.values(openapiDocument().paths as object).flatMap((path: object) =>
    Object.keys(path),
  ).length;
  expect(await page.locator('.opblock').count()).toBe(count);
  expect(await page.locator('.info a[href="docs/partners.md"]').count()).toBe(1);
  const tags = await page.locator('.opblock-tag').allTextContents();
  expect(tags.join(' ')).toContain('locations');
  expect(tags.join(' ')).toContain('admin: partners');
  await page.locator('#operations-commands-startSession .opblock-summary-control').click();
  await page.locator('#operations-commands-startSession .example').first().waitFor();
  expect(await page.locator('#operations-commands-startSession').textContent()).toContain(
    'DF000-2001-8999-1',
  );
  await page.locator('#operations-health-getLive .opblock-summary-control').click();
  await page.locator('#operations-health-getLive .try-out__btn').click();
  await page.locator('#operations-health-getLive .execute').click();
  await page.locator('#operations-health-getLive .live-responses-table').waitFor();
  expect(await page.locator('#operations-health-getLive .live-responses-table').textContent()).toContain(
    'live',
  );
  await page.evaluate('window.scrollTo(0, 0)');
  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });
  expect(foreign).toEqual([]);
  expect(complaints).toEqual([]);
});

test('the page and the document need no token; OCPI has no headers of pages', async () => {
  const page = await fetch(`${hub.url}/docs`);
  expect([page.status, page.headers.get('content-security-policy')]).toEqual([
    200,
    expect.stringContaining("default-src 'none'"),
  ]);
  for (const path of ['/openapi.yaml', '/docs/openapi.yaml']) {
    const answer = await fetch(hub.url + path);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain(`url: "${hub.url}"`);
  }
  const guide = await fetch(`${hub.url}/docs/partners.md`);
  expect([guide.status, guide.headers.get('content-type')]).toEqual([200, 'text/markdown; charset=utf-8']);
  const ocpi = await fetch(`${hub.url}/ocpi/versions`);
  expect(ocpi.headers.get('content-security-policy')).toBeNull();
});

test('the examples of the guide can be fetched, and nothing else beside them', async () => {
  const example = await fetch(`${hub.url}/docs/examples/Location.json`);
  expect(await example.json()).toMatchObject({ id: 'LOC1' });
  for (const name of ['..%2fexamples', '%2e%2e%2findex', 'Nothing'])
    expect((await fetch(`${hub.url}/docs/examples/${name}.json`)).status).toBe(404);
});

test.each(['/docs', '/openapi.yaml', '/docs/partners.md'])('%s is read alone', async (path) => {
  const posted = await fetch(hub.url + path, { method: 'POST' });
  expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  expect((await fetch(hub.url + path, { method: 'HEAD' })).status).toBe(200);
});
