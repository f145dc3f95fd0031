import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { ConfigError, type Config } from '../config';
import { listen } from '../port';
import { ok, warning, wrong, type Finding } from './finding';

/*
 * Port and PUBLIC_URL. For a moment the doctor listens where the hub will, and answers with a word that nobody else
 * knows: what comes back from PUBLIC_URL shows whether it leads here.
 */

const PATIENCE_MS = 5000;

/** What a GET came to: status and text, or why there was no answer. */
type Got = { http: number; text: string } | { code: string };

async function get(url: string): Promise<Got> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
    return { http: response.status, text: await response.text() };
  } catch (error) {
    const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
    return { code: cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause) };
  }
}

/** The port, and where PUBLIC_URL leads. */
export async function checkNetwork(config: Config): Promise<Finding[]> {
  const word = randomUUID();
  const server = createServer((_request, response) => response.end(word));
  try {
    const port = await listen(server, config);
    const url = config.mode === 'worker' || config.port === 0 ? [] : await checkPublicUrl(config, word);
    return [ok('PORT', `${port} is free`), ...url];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [await taken(config, error)];
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function taken({ port, host }: Config, error: ConfigError): Promise<Finding> {
  const found = await get(`http://${host ?? 'localhost'}:${port}/health/live`);
  if ('text' in found && found.text.includes('"live"'))
    return warning('PORT', `a hub runs at ${port} already`);
  return wrong(error.setting, error.message.replace(`setting ${error.setting}: `, ''));
}

async function checkPublicUrl({ publicUrl, port, production }: Config, word: string): Promise<Finding[]> {
  const led = whereTo(await get(`${publicUrl}/ocpi/versions`), { word, publicUrl, port });
  if (led.state !== 'ok' || !production || partnersReach(publicUrl)) return [led];
  return [
    warning('PUBLIC_URL', `${publicUrl} is of no use to partners: give the https URL that they can reach`),
  ];
}

function whereTo(
  got: Got,
  { word, publicUrl, port }: { word: string; publicUrl: string; port: number },
): Finding {
  if ('code' in got && got.code === 'ENOTFOUND')
    return wrong('PUBLIC_URL', `${publicUrl}: no DNS knows this host; correct it, or add it there`);
  if ('code' in got)
    return warning(
      'PUBLIC_URL',
      `${publicUrl} gives no answer here (${got.code}): look at DNS, TLS and firewall`,
    );
  if (got.text === word) return ok('PUBLIC_URL', `${publicUrl} leads to port ${port} here`);
  const found = `${publicUrl} answers HTTP ${got.http}`;
  return warning(
    'PUBLIC_URL',
    `${found}, but does not lead to port ${port} here: look at the proxy before it`,
  );
}

function partnersReach(publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl);
  return protocol === 'https:' && !/^(localhost|127\.|\[::1\])/.test(hostname);
}
