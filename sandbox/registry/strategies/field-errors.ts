/** Findings of validation, collected in order, in the words of apimachinery's `field` package. */
import type { FieldError } from '../../api/failure.ts';

/** JSON as Go writes it into messages: map keys as they are given, `<`, `>` and `&` escaped. */
export function goJson(value: unknown, indent = 0): string {
  const escaped: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' };
  return (JSON.stringify(value, null, indent) ?? 'null').replace(/[<>&]/g, (sign) => escaped[sign] ?? sign);
}

/** Go's `%q` of a string. */
function goQuote(text: string): string {
  return JSON.stringify(text);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return goQuote(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return goJson(value);
}

const tail = (detail: string | undefined) => (detail === undefined || detail === '' ? '' : `: ${detail}`);

/** Collects; each method names the kind of problem. `field` is a path like `spec.containers[0].name`. */
export class Findings {
  readonly list: FieldError[] = [];

  private add(reason: FieldError['reason'], field: string, message: string): void {
    this.list.push({ reason, field, message });
  }

  required(field: string, detail = ''): void {
    this.add('FieldValueRequired', field, `Required value${tail(detail)}`);
  }

  invalid(field: string, value: unknown, detail: string): void {
    this.add('FieldValueInvalid', field, `Invalid value: ${shown(value)}${tail(detail)}`);
  }

  /** One finding for each detail. */
  invalidEach(field: string, value: unknown, details: readonly string[]): void {
    for (const detail of details) this.invalid(field, value, detail);
  }

  /** `supported` as listed in the message. */
  notSupported(field: string, value: unknown, supported: readonly string[]): void {
    const values = supported.length === 0 ? '' : `supported values: ${supported.map(goQuote).join(', ')}`;
    this.add('FieldValueNotSupported', field, `Unsupported value: ${shown(value)}${tail(values)}`);
  }

  duplicate(field: string, value: unknown): void {
    this.add('FieldValueDuplicate', field, `Duplicate value: ${shown(value)}`);
  }

  forbidden(field: string, detail: string): void {
    this.add('FieldValueForbidden', field, `Forbidden${tail(detail)}`);
  }

  notFound(field: string, value: unknown): void {
    this.add('FieldValueNotFound', field, `Not found: ${shown(value)}`);
  }

  notFoundBecause(field: string, value: unknown, detail: string): void {
    this.add('FieldValueNotFound', field, `Not found: ${shown(value)}${tail(detail)}`);
  }

  duplicateBecause(field: string, value: unknown, detail: string): void {
    this.add('FieldValueDuplicate', field, `Duplicate value: ${shown(value)}${tail(detail)}`);
  }

  /** A finding that does not show the value. */
  invalidOmitted(field: string, detail: string): void {
    this.add('FieldValueInvalid', field, `Invalid value${tail(detail)}`);
  }

  /** `unit` is what is counted: bytes in most places. */
  tooLong(field: string, most: number, unit: 'bytes' | 'characters' = 'bytes'): void {
    this.add(
      'FieldValueTooLong',
      field,
      `Too long: may not be more than ${most} ${most === 1 ? unit.slice(0, -1) : unit}`,
    );
  }

  tooMany(field: string, count: number, most: number): void {
    const detail = `must have at most ${most} ${most === 1 ? 'item' : 'items'}`;
    this.add('FieldValueTooMany', field, `Too many: ${count}: ${detail}`);
  }

  /** Takes over what another validation found. */
  append(errors: readonly FieldError[]): void {
    this.list.push(...errors);
  }
}
