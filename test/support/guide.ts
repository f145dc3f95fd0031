import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import fs from 'node:fs';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/*
 * A guide in Markdown that runs: its `sh` blocks are the steps, and the `json` or `text` block after a step is what it
 * prints. `…` stands for anything. Words after `sh` say for whom a block is; `settings` are not run.
 */

/** One block of a guide. */
export interface Step {
  words: string[];
  code: string;
  answer: { language: string; text: string } | undefined;
}

/** The steps of a guide, in order. */
export function stepsOf(file: string): Step[] {
  const text = fs.readFileSync(file, 'utf8');
  const blocks = [...text.matchAll(/^```(\w+)([^\n]*)\n([^]*?)^```$/gm)];
  return blocks.flatMap(([, language, words = '', code = ''], i) => {
    if (language !== 'sh') return [];
    const [, next = '', , text = ''] = blocks[i + 1] ?? [];
    const answer = next === 'sh' ? undefined : { language: next, text };
    return [{ words: words.split(' ').filter((word) => word !== ''), code, answer }];
  });
}

const END = '--end of the step';

/** A bash that keeps its variables from step to step. */
export class Shell {
  private readonly bash: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterableIterator<string>;

  constructor(folder: string, variables: Record<string, string>) {
    this.bash = spawn('bash', ['--norc'], { cwd: folder, env: { PATH: process.env.PATH, ...variables } });
    this.lines = createInterface(this.bash.stdout)[Symbol.asyncIterator]();
    this.bash.stdin.write('exec 2>&1\n');
  }

  /** Runs a step and answers what it printed. @throws Error where the shell ends in it */
  async run(code: string): Promise<string> {
    this.bash.stdin.write(`${code}\nprintf '\\n%s\\n' '${END}'\n`);
    const printed: string[] = [];
    for (;;) {
      const { value, done } = await this.lines.next();
      if (done === true) throw new Error(`the shell ended: ${printed.join('\n')}`);
      if (value === END) return printed.join('\n');
      printed.push(value);
    }
  }

  /** Ends it. */
  async stop(): Promise<void> {
    const closed = once(this.bash, 'close');
    this.bash.kill();
    await closed;
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A text that a guide prints, as a pattern: `…` is anything. */
const patternOf = (text: string): RegExp => new RegExp(text.split('…').map(escaped).join('.*'));

/** What a guide's JSON stands for: objects may have more fields, lists more elements. */
function likeness(value: unknown): unknown {
  if (typeof value === 'string' && value.includes('…')) return expect.stringMatching(patternOf(value));
  if (Array.isArray(value)) return expect.arrayContaining(value.map(likeness));
  if (typeof value !== 'object' || value === null) return value;
  return expect.objectContaining(
    Object.fromEntries(Object.entries(value).map(([name, member]) => [name, likeness(member)])),
  );
}

/** The last answer that was printed before its HTTP status. */
function lastJson(printed: string): unknown {
  const last = printed.split(/^HTTP \d+$/m).findLast((text) => text.includes('{')) ?? '';
  return JSON.parse(last.slice(last.indexOf('{')));
}

/** Holds what a step printed against what the guide says. */
export function expectAnswer({ code, answer }: Step, printed: string): void {
  if (!answer) return;
  if (answer.language === 'json') {
    expect([code, lastJson(printed)]).toEqual([code, likeness(JSON.parse(answer.text))]);
    return;
  }
  const lines = answer.text.split('\n').filter((line) => line !== '');
  const missing = lines.filter((line) => !patternOf(line).test(printed));
  expect([code, missing, missing.length > 0 ? printed : '']).toEqual([code, [], '']);
}
