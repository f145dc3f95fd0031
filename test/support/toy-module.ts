import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FROM_SOURCE } from './hub-process';

/* A copy of the hub's source with one module more: a toy, in one folder and one line. */

const ROOT = path.resolve(__dirname, '../..');
const VERSION = 'src/ocpi/v2_2_1';

const DTO = `import { Field } from '../../check/field';
import * as t from '../types/scalars';

export class Toy {
  @Field(t.countryCode, '1') country_code!: unknown;
  @Field(t.partyId, '1') party_id!: unknown;
  @Field(t.ciString(36), '1') id!: unknown;
  @Field(t.string(20), '1') colour!: unknown;
  @Field(t.dateTime, '1') last_updated!: unknown;
}
`;

const MODULE = `import type { OwnedModuleDescriptor } from '../../module';
import { Toy } from './dto';

const OBJECT = ':country_code/:party_id/:toy_id';

export const toys: OwnedModuleDescriptor = {
  identifier: 'toys',
  number: 99,
  sharing: { owners: ['CPO'], receivers: ['EMSP'], concernsOne: false },
  idField: 'id',
  dto: Toy,
  receive: 'whole',
  push: 'PUT',
  deletable: true,
  levels: [],
  unknown: { status_code: 2001, what: 'toy' },
  operations: [
    { interface: 'SENDER', method: 'GET', path: '', operation: 'list' },
    { interface: 'RECEIVER', method: 'GET', path: OBJECT, operation: 'get' },
    { interface: 'RECEIVER', method: 'PUT', path: OBJECT, operation: 'push' },
    { interface: 'RECEIVER', method: 'PATCH', path: OBJECT, operation: 'push' },
    { interface: 'RECEIVER', method: 'DELETE', path: OBJECT, operation: 'push' },
  ],
};
`;

/** The index with a line more in its list of modules, and the import of what stands there. */
function withToys(index: string): string {
  const list = 'const functionalModules: readonly ModuleDescriptor[] = [\n';
  if (!index.includes(list)) throw new Error('the index has no list of modules');
  return `import { toys } from './toys/module';\n${index.replace(list, `${list}  toys,\n`)}`;
}

/** The source of a hub with toys, in a folder of its own. */
export class HubWithToys {
  readonly root = fs.mkdtempSync(path.join(os.tmpdir(), 'hub-with-toys-'));

  constructor() {
    for (const name of ['src', 'migrations', 'package.json', 'tsconfig.json'])
      fs.cpSync(path.join(ROOT, name), path.join(this.root, name), { recursive: true });
    fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(this.root, 'node_modules'));
    const version = path.join(this.root, VERSION);
    fs.mkdirSync(path.join(version, 'toys'));
    fs.writeFileSync(path.join(version, 'toys/dto.ts'), DTO);
    fs.writeFileSync(path.join(version, 'toys/module.ts'), MODULE);
    const index = path.join(version, 'index.ts');
    fs.writeFileSync(index, withToys(fs.readFileSync(index, 'utf8')));
  }

  /** What the compiler says about it. */
  typecheck(): string {
    const compiler = path.join(ROOT, 'node_modules/typescript-7/bin/tsc');
    const project = { extends: './tsconfig.json', compilerOptions: { types: ['node'] }, include: ['src'] };
    fs.writeFileSync(path.join(this.root, 'tsconfig.src.json'), JSON.stringify(project));
    return this.run(compiler, '--noEmit', '--project', 'tsconfig.src.json');
  }

  /** Its OpenAPI document, as JSON. */
  openapi(): string {
    const write = `process.stdout.write(JSON.stringify(require('./src/openapi').openapiDocument()))`;
    return this.run('-r', FROM_SOURCE, '-e', write);
  }

  remove(): void {
    fs.rmSync(this.root, { recursive: true, force: true });
  }

  /** What a program says. */
  private run(...args: string[]): string {
    const options = { cwd: this.root, encoding: 'utf8', maxBuffer: 1e8 } as const;
    const { stdout, stderr } = spawnSync(process.execPath, args, options);
    return stdout + stderr;
  }
}
