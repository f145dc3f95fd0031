import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { RULE_PREFIX, type DtoClass } from './field';

/** A rule that a value breaks. */
export interface Finding {
  /** JSON path, e.g. $.evses[1].connectors[0].max_voltage */
  path: string;
  /** The rule in words, without the value: findings are counted by it. */
  rule: string;
  /** path and rule. */
  message: string;
}

const MOST_FINDINGS = 200;

export const finding = (path: string, rule: string): Finding => ({ path, rule, message: `${path}: ${rule}` });

function pathUnder(path: string, property: string): string {
  if (/^\d+$/.test(property)) return `${path}[${property}]`;
  if (property === RULE_PREFIX) return path;
  const name = property.startsWith(RULE_PREFIX) ? property.slice(1) : property;
  return `${path}.${name}`;
}

function collect(errors: readonly ValidationError[], path: string, found: Finding[]): void {
  for (const error of errors) {
    if (found.length >= MOST_FINDINGS) return;
    const at = pathUnder(path, error.property);
    for (const rule of wordsOf(error)) found.push(finding(at, rule));
    collect(error.children ?? [], at, found);
  }
}

/** A missing field breaks all its rules; one of them tells. */
function wordsOf(error: ValidationError): string[] {
  const { isDefined, ...others } = error.constraints ?? {};
  if (isDefined !== undefined) return [isDefined];
  return [...new Set(Object.values(others))];
}

/** Words what is wrong with a value, by class-validator. */
export function findingsOf(cls: DtoClass, value: object): Finding[] {
  const found: Finding[] = [];
  collect(validateSync(plainToInstance(cls, value)), '$', found);
  return found;
}
