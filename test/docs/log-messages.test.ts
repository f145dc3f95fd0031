import fs from 'node:fs';
import path from 'node:path';

/* docs/operations.md names messages of the log that operators look for. */

const ROOT = path.join(__dirname, '../..');
const SRC = path.join(ROOT, 'src');

const section =
  fs.readFileSync(path.join(ROOT, 'docs/operations.md'), 'utf8').split('## Log messages')[1] ?? '';
const rows = section.split('\n').filter((row) => /^\|.+\| (info|warn|error)/.test(row));
const messages = rows.flatMap((row) =>
  [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name),
);

const source = fs
  .readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => fs.readFileSync(path.join(SRC, file), 'utf8'))
  .join('\n');

test.each(messages)('the hub can log "%s"', (message) => {
  expect(source).toContain(`'${message}'`);
});
