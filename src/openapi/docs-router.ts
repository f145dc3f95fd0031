import fs from 'node:fs';
import path from 'node:path';
import { Router, type RequestHandler, type Response } from 'express';
import { readAlone } from '../server/outside';
import { EXAMPLES_FOLDER } from './examples';
import { frontPage } from './front-page';

/*
 * The API for reading: openapi.yaml, and a page that shows it. The page loads nothing from elsewhere, neither scripts nor
 * styles, and a strict content security policy holds it to that.
 */

const HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/** Paths are relative to /docs, so that a proxy may serve the hub below a path of its own. */
const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>ocpi-hub: API</title>
    <link rel="icon" type="image/png" href="docs/favicon-32x32.png">
    <link rel="stylesheet" href="docs/swagger-ui.css">
  </head>
  <body>
    <div id="ui"></div>
    <noscript>This page needs JavaScript. The API is described in <a href="openapi.yaml">openapi.yaml</a> too.</noscript>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/page.js"></script>
  </body>
</html>
`;

const PAGE_SCRIPT = `SwaggerUIBundle({
  url: 'openapi.yaml',
  dom_id: '#ui',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
`;

const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];
const ASSETS_FOLDER = path.dirname(require.resolve('swagger-ui-dist/package.json'));

/** For partners' engineers; the page links to it. */
const GUIDE = 'docs/partners.md';

/** The file above this one, wherever the build put it. @throws Error where there is none */
function fileAbove(name: string, folder = __dirname): string {
  const file = path.join(folder, name);
  if (fs.existsSync(file)) return file;
  const above = path.dirname(folder);
  if (above === folder) throw new Error(`there is no ${name} above ${__dirname}`);
  return fileAbove(name, above);
}

/** openapi.yaml with the URL at which this hub is reached. */
function documentFor(publicUrl: string): string {
  const text = fs.readFileSync(fileAbove('openapi.yaml'), 'utf8');
  return text.replace(/^( *- url: ).*$/m, `$1${JSON.stringify(publicUrl)}`);
}

const withHeaders: RequestHandler = (_request, response, next) => {
  response.set(HEADERS);
  next();
};

const sending =
  (type: string, text: () => string): RequestHandler =>
  (_request, response) => {
    response.type(type).send(text());
  };

const asset =
  (name: string): RequestHandler =>
  (_request, response: Response) => {
    response.set('Cache-Control', 'public, max-age=3600').sendFile(name, { root: ASSETS_FOLDER });
  };

/** One of the examples, as docs/partners.md sends them. */
const example: RequestHandler = (request, response, next) => {
  response.sendFile(`${String(request.params.name)}.json`, { root: EXAMPLES_FOLDER }, (error?: Error) => {
    if (error) next();
  });
};

/**
 * /docs and what it loads, the partner guide, and /openapi.yaml. Open to all: it says nothing of this hub but its URL.
 * @param publicUrl asked when it is needed: it may be known only once the port is open
 */
export function docsRouter(publicUrl: () => string): Router {
  let document: string | undefined;
  const openapi = sending('application/yaml', () => (document ??= documentFor(publicUrl())));
  const router = Router({ strict: true });
  router.get('/', withHeaders, frontPage(publicUrl));
  router.use(['/docs', '/openapi.yaml'], withHeaders);
  router.get(
    '/docs',
    sending('html', () => PAGE),
  );
  router.get('/docs/', (_request, response) => response.redirect('../docs'));
  router.get(['/openapi.yaml', '/docs/openapi.yaml'], openapi);
  router.get('/docs/partners.md', (_request, response) => {
    response.type('text/markdown').sendFile(fileAbove(GUIDE));
  });
  router.get(
    '/docs/page.js',
    sending('text/javascript', () => PAGE_SCRIPT),
  );
  for (const name of ASSETS) router.get(`/docs/${name}`, asset(name));
  router.get('/docs/examples/:name.json', example);
  router.all(['/docs', '/docs/openapi.yaml', '/docs/partners.md', '/openapi.yaml'], readAlone);
  return router;
}
