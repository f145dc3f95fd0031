import type { RequestHandler } from 'express';
import { release } from '../version';

/*
 * What runs here, for who opens the hub's address: a page for browsers, JSON for programs. It loads nothing and says
 * nothing of this hub that its partners do not know.
 */

const LINKS = {
  versions: 'ocpi/versions',
  docs: 'docs',
  partner_guide: 'docs/partners.md',
  openapi: 'openapi.yaml',
  live: 'health/live',
  ready: 'health/ready',
};

/** Links are relative: a proxy may serve the hub below a path of its own. */
const page = (version: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>ocpi-hub</title>
    <link rel="icon" href="docs/favicon-32x32.png">
  </head>
  <body>
    <h1>ocpi-hub ${version}</h1>
    <p>An OCPI roaming hub runs here. Platforms of CPOs and eMSPs connect at <a href="${LINKS.versions}">${LINKS.versions}</a>,
    with a token that the operator of this hub gives out.</p>
    <ul>
      <li><a href="${LINKS.docs}">The API</a>, and <a href="${LINKS.openapi}">openapi.yaml</a></li>
      <li><a href="${LINKS.partner_guide}">How a partner connects</a>, from the first request to the first CDR</li>
      <li>Health: <a href="${LINKS.live}">live</a>, <a href="${LINKS.ready}">ready</a></li>
    </ul>
  </body>
</html>
`;

/** GET /. @param publicUrl base of the links in JSON */
export function frontPage(publicUrl: () => string): RequestHandler {
  const { version } = release();
  return (request, response) => {
    response.vary('Accept');
    if (request.accepts(['json', 'html']) === 'html') return void response.type('html').send(page(version));
    const links = Object.entries(LINKS).map(([name, path]) => [name, `${publicUrl()}/${path}`]);
    response.json({ name: 'ocpi-hub', version, ...Object.fromEntries(links) });
  };
}
