import fs from 'node:fs';
import path from 'node:path';

const DOCS = path.join(__dirname, '..', '..', 'docs');
const lines = fs
  .readFileSync(path.join(DOCS, 'glossary.md'), 'utf8')
  .match(/^\| .+ \|$/gm)!
  .slice(2);
const cells = lines.map((line) =>
  line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim()),
);

describe('docs/glossary.md', () => {
  it('has each word once, in the order of the alphabet, with its meaning and one place', () => {
    const words = cells.map(([word]) => word!.toLowerCase().replace(/[^a-z0-9 ,]/g, ' '));
    expect(words.length).toBeGreaterThan(100);
    expect(words).toEqual([...new Set(words)].sort());
    expect(cells.filter(([, meaning, , ...more]) => !meaning || more.length > 0)).toEqual([]);
  });

  it('names files and folders that exist, by their own paths', () => {
    const places = cells.map(
      ([, , where]) => where!.match(/^\[(.+)\]\(\.\.\/src\/\1\)$/)?.[1] ?? `unreadable: ${where}`,
    );
    expect(places.filter((place) => !fs.existsSync(path.join(DOCS, '..', 'src', place)))).toEqual([]);
  });
});
