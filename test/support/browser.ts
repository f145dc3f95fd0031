import fs from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';

/* A real browser: CHROMIUM_PATH, else one that is installed, else the one that an npm package brings. */

const INSTALLED = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

function installed(): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return INSTALLED.flatMap((name) => folders.map((folder) => path.join(folder, name))).find((file) =>
    fs.existsSync(file),
  );
}

async function executable(): Promise<string> {
  const found = process.env.CHROMIUM_PATH || installed();
  if (found) return found;
  const { default: packed } = await import('@sparticuz/chromium');
  return packed.executablePath();
}

/** Starts it. @throws Error that says how to get one where there is none */
export async function startBrowser(): Promise<Browser> {
  try {
    return await chromium.launch({ executablePath: await executable(), args: FLAGS, headless: true });
  } catch (error) {
    throw new Error('no Chromium could be started: install one, or name one in CHROMIUM_PATH', {
      cause: error,
    });
  }
}
