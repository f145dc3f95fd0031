import fs from 'node:fs';
import path from 'node:path';

/* docs/semantics.md numbers the rules of the hub on the wire; this test holds every citation of a rule against it. */

const ROOT = path.join(__dirname, '..', '..');
const CODE = ['src', 'test', 'bench', 'migrations'];
const FOLDERS = [...CODE, 'docs'];
const PAGES = ['README.md', 'CHANGELOG.md'];
const SOURCE = /\.(?:ts|cjs|mjs|sql|md)$/;

/** `semantics` and a list of numbers; a range is joined by `to`. */
const CITATION = /\bsemantics (\d+[a-z]?(?:(?:,|,? and|,? or| to) \d+[a-z]?)*)/gi;
/** The word in code that is neither a citation nor the name of the page. */
const UNREADABLE = /\bsemantics\b(?! \d|, Tolerance\b|\.md\b)[^.;]{0,30}/gi;
const LINK = /\bsemantics\.md#([\w-]+)/g;
/** Documents that no reader of the repository has, and numbers of issues. */
const ELSEWHERE =
  /HUB-SEMANTICS|\b(?:DESIGN|REDESIGN|PERFORMANCE|STACK|NEWCOMER)\b|\b(?:ENDPOINTS|OPERATE|BRIDGE|MONEY)\.md|\b[Ii]ssues? #?\d+/g;

interface Source {
  file: string;
  /** With the marks of comments and list items taken out, so that a citation may run over a line's end. */
  prose: string;
}

const proseOf = (text: string): string => text.replace(/\s*\n[ \t]*(?:\*(?!\/)|\/\/|>)?[ \t]*/g, ' ');

function sourceOf(file: string): Source {
  return { file, prose: proseOf(fs.readFileSync(path.join(ROOT, file), 'utf8')) };
}

function sourcesOf(folders: readonly string[]): Source[] {
  return folders
    .flatMap((folder) =>
      fs
        .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .map((name) => path.join(folder, name)),
    )
    .filter((file) => SOURCE.test(file) && path.join(ROOT, file) !== __filename)
    .map(sourceOf);
}

const hitsOf = (pattern: RegExp, { file, prose }: Source): string[] =>
  [...prose.matchAll(pattern)].map(([hit]) => `${file}: ${hit.trim()}`);

const citationsOf = (prose: string): string[] => [...prose.matchAll(CITATION)].map(([, list]) => list!);

/** What is wrong with a list of numbers such as `5, 37` or `20 to 31`. */
function faultsOf(list: string, rules: readonly string[]): string[] {
  const unknown = list.match(/\d+[a-z]?/gi)!.filter((number) => !rules.includes(number));
  const turned = [...list.matchAll(/(\w+) to (\w+)/g)].filter(
    ([, a, b]) => rules.indexOf(a!) >= rules.indexOf(b!),
  );
  return [...unknown.map((number) => `no rule ${number}`), ...turned.map(([range]) => `no range ${range}`)];
}

const page = fs.readFileSync(path.join(ROOT, 'docs', 'semantics.md'), 'utf8');
const anchors = [...page.matchAll(/<a id="([\w-]+)"><\/a>/g)].map(([, id]) => id!);
const rules = [...page.matchAll(/^- <a id="(\d+[a-z]?)"><\/a>\*\*\1\*\* \S/gm)].map(([, number]) => number!);

describe('docs/semantics.md', () => {
  it('has each number once, in order, under an anchor of the same name', () => {
    const sorted = [...new Set(rules)].sort((a, b) => parseInt(a) - parseInt(b) || a.localeCompare(b));
    expect(rules).toEqual(sorted);
    expect(rules.filter((number) => /^\d+$/.test(number))).toEqual(
      Array.from({ length: 45 }, (_, i) => `${i + 1}`),
    );
    expect(anchors).toEqual([...rules, 'tolerance']);
  });
});

describe('a citation', () => {
  it.each([
    ['semantics 22b', ['22b']],
    ['(spec: credentials; semantics 13, 14, 17).', ['13, 14, 17']],
    ['semantics 20 to 31. Semantics 5 and 37', ['20 to 31', '5 and 37']],
    ['/*\n * semantics 33,\n * 34; 1000\n */', ['33, 34']],
    ['semantics, Tolerance', []],
  ])('is read from %j', (text, lists) => {
    expect(citationsOf(proseOf(text))).toEqual(lists);
  });

  it.each([
    ['5, 46', ['no rule 46']],
    ['22c', ['no rule 22c']],
    ['31 to 20', ['no range 31 to 20']],
    ['5, 37, 20 to 31', []],
  ])('of %s has these faults: %j', (list, faults) => {
    expect(faultsOf(list, rules)).toEqual(faults);
  });
});

describe('a search for citations that no reader can follow', () => {
  it.each([
    ['as rule 5 of the semantics says', 'semantics says', UNREADABLE],
    ['(semantics 5, the page docs/semantics.md; semantics, Tolerance)', undefined, UNREADABLE],
    ['(DESIGN.md, The feed)', 'DESIGN', ELSEWHERE],
    ['(semantics 29, issue 4)', 'issue 4', ELSEWHERE],
    ['docs/performance.md, an issuer of 4 tokens', undefined, ELSEWHERE],
  ])('finds in %j: %s', (prose, hit, pattern) => {
    expect(hitsOf(pattern, { file: 'x', prose })).toEqual(hit === undefined ? [] : [`x: ${hit}`]);
  });
});

describe('the repository', () => {
  const sources = [...sourcesOf(FOLDERS), ...PAGES.map(sourceOf)];

  it('cites only rules that exist', () => {
    const cited = sources.flatMap(({ file, prose }) => citationsOf(prose).map((list) => ({ file, list })));
    expect(cited.length).toBeGreaterThan(50);
    expect(
      cited.flatMap(({ file, list }) => faultsOf(list, rules).map((fault) => `${file}: ${fault}`)),
    ).toEqual([]);
  });

  it('links only to anchors that exist', () => {
    const links = sources.flatMap(({ file, prose }) =>
      [...prose.matchAll(LINK)].map(([, id]) => ({ file, id: id! })),
    );
    expect(links.filter(({ id }) => !anchors.includes(id))).toEqual([]);
  });

  it('cites rules in code in one form', () => {
    expect(sourcesOf(CODE).flatMap((source) => hitsOf(UNREADABLE, source))).toEqual([]);
  });

  it('cites no document that is not in it, and no number of an issue', () => {
    expect(sourcesOf(FOLDERS).flatMap((source) => hitsOf(ELSEWHERE, source))).toEqual([]);
  });
});
