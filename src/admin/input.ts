import { isFields, type Fields } from '../domain/json/fields';
import { instantOf } from '../domain/instants';
import { AdminFailure } from '../errors';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A field of the input that breaks its rule. */
export interface FieldError {
  field: string;
  rule: string;
}

/** Reads an input field by field, and in the end refuses it as a whole, with every field and rule at once. */
export class Input {
  private readonly errors: FieldError[];
  private readonly fields: Fields;

  constructor(
    value: unknown,
    private readonly at = '',
    shared: FieldError[] = [],
  ) {
    this.errors = shared;
    this.fields = isFields(value) ? value : {};
    if (!isFields(value)) this.errors.push({ field: at, rule: 'must be an object' });
  }

  /** Every field but these is refused. */
  only(...names: string[]): this {
    for (const name of Object.keys(this.fields)) if (!names.includes(name)) this.refuse(name, 'is not known');
    return this;
  }

  /** A required text that fits a pattern. */
  text(name: string, rule: { pattern: RegExp; words: string }): string {
    const value = this.fields[name];
    if (typeof value === 'string' && rule.pattern.test(value)) return value;
    this.refuse(name, rule.words);
    return '';
  }

  /** A required text that `refusal` has nothing against. */
  checked(name: string, refusal: (text: string) => string | undefined): string {
    const value = this.fields[name];
    const rule = typeof value === 'string' ? refusal(value) : 'must be a string';
    if (rule !== undefined) this.refuse(name, rule);
    return typeof value === 'string' ? value : '';
  }

  /** One of the values; undefined where the field is optional and absent. */
  oneOf<T extends string>(name: string, values: readonly T[], need: 'required' | 'optional'): T | undefined {
    const value = this.fields[name];
    if (value === undefined && need === 'optional') return undefined;
    const found = values.find((v) => v === value);
    if (found === undefined) this.refuse(name, `must be one of ${values.join(', ')}`);
    return found;
  }

  /** An optional text that `refusal` has nothing against. */
  optional(name: string, refusal: (text: string) => string | undefined): string | undefined {
    return this.fields[name] === undefined ? undefined : this.checked(name, refusal);
  }

  /** The id of a partner. */
  id(name: string, need: 'required' | 'optional'): string | undefined {
    const rule = 'must be the id of a partner (a UUID)';
    const refusal = (text: string): string | undefined => (UUID.test(text) ? undefined : rule);
    return need === 'optional' ? this.optional(name, refusal) : this.checked(name, refusal);
  }

  /** An optional point in time. */
  time(name: string): Date | undefined {
    const rule = 'must be a date and time in UTC, such as 2026-12-01T13:00:00Z';
    const text = this.optional(name, (given) => (instantOf(given) === undefined ? rule : undefined));
    const instant = instantOf(text);
    return instant === undefined ? undefined : new Date(instant / 1000);
  }

  /** An optional whole number from 1 in a query; `fallback` where it is absent. */
  digits(name: string, { max, fallback }: { max: number; fallback: number }): number {
    const inRange = (text: string): boolean =>
      /^\d{1,9}$/.test(text) && Number(text) >= 1 && Number(text) <= max;
    const rule = `must be a whole number from 1 to ${max}`;
    const text = this.optional(name, (given) => (inRange(given) ? undefined : rule));
    return text === undefined ? fallback : Number(text);
  }

  /** An optional list of texts; undefined where it is absent. */
  texts(
    name: string,
    { max, refusal }: { max: number; refusal: (text: string) => string | undefined },
  ): string[] | undefined {
    const value = this.fields[name];
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.length <= max) {
      const items = new Input({ ...value }, this.path(name), this.errors);
      return value.map((_, i) => items.checked(String(i), refusal));
    }
    this.refuse(name, `must be a list of at most ${max} texts`);
    return undefined;
  }

  /** An optional boolean. */
  flag(name: string): boolean | undefined {
    const value = this.fields[name];
    if (value === undefined || typeof value === 'boolean') return value;
    this.refuse(name, 'must be true or false');
    return undefined;
  }

  /** An optional whole number from 1, or a word that stands for no bound; `fallback` where it is absent. */
  count<T extends string>(name: string, rule: { word: T; max: number; fallback: number | T }): number | T {
    const value = this.fields[name];
    if (value === undefined) return rule.fallback;
    if (value === rule.word) return rule.word;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= rule.max) return value;
    this.refuse(name, `must be a whole number from 1 to ${rule.max}, or "${rule.word}"`);
    return rule.fallback;
  }

  /** An optional list of objects; [] where it is absent. */
  list(name: string): Input[] {
    const value = this.fields[name];
    if (value === undefined) return [];
    if (Array.isArray(value))
      return value.map((item, i) => new Input(item, this.path(`${name}[${i}]`), this.errors));
    this.refuse(name, 'must be a list');
    return [];
  }

  refuse(name: string, rule: string): void {
    this.errors.push({ field: this.path(name), rule });
  }

  /** @throws AdminInvalid with all that was found. */
  done(): void {
    if (this.errors.length > 0) throw new AdminFailure({ kind: 'AdminInvalid', errors: this.errors });
  }

  private path(name: string): string {
    return this.at === '' ? name : `${this.at}.${name}`;
  }
}
