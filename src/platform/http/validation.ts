import { type ArgumentMetadata, Injectable, type PipeTransform, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { type Bilingual, type ErrorCode, Failure, type FieldError } from '../../kernel/errors.js';
import { FIELD_LIMITS, FIELD_PROBLEMS, type FieldProblem } from './problems.js';
import type { Told } from './field.js';

const CODE_OF_RULE: Readonly<Record<string, FieldProblem>> = {
  isString: 'type',
  isInt: 'type',
  isBoolean: 'type',
  isObject: 'type',
  isArray: 'type',
  nestedValidation: 'type',
  minLength: 'too_short',
  maxLength: 'too_long',
  min: 'too_small',
  max: 'too_large',
  arrayMinSize: 'too_few',
  arrayMaxSize: 'too_many',
  arrayUnique: 'repeated',
  isIn: 'not_allowed',
  whitelistValidation: 'unknown',
  isEmail: 'format',
  matches: 'format',
  date: 'format',
  instant: 'format',
  dayOrInstant: 'format',
  uuid: 'format',
  line: 'format',
};

/** The most telling rule first: a wrong type makes every other rule fail as well. */
const ORDER: readonly FieldProblem[] = [
  'unknown',
  'type',
  'not_allowed',
  'too_long',
  'too_short',
  'too_many',
  'too_few',
];

const escapePointer = (member: string): string => member.replaceAll('~', '~0').replaceAll('/', '~1');

function flatten(errors: readonly ValidationError[], path: string): FieldError[] {
  return errors.flatMap((error) => {
    const pointer = `${path}/${escapePointer(error.property)}`;
    const below = flatten(error.children ?? [], pointer);
    const rules = Object.keys(error.constraints ?? {});
    if (rules.length === 0) return below;
    const code = codeOf(error, rules);
    const told = toldBy(error, rules, code);
    const detail = detailOf(code, told);
    // What lacks or has which members is beside the point where there should be another type altogether.
    if (code === 'type' && !Array.isArray(error.value)) return [{ pointer, code, detail }];
    return [...pointersOf(error, pointer, told).map((at) => ({ pointer: at, code, detail })), ...below];
  });
}

/** What the first rule of that code that has something to say says. */
function toldBy({ contexts }: ValidationError, rules: readonly string[], code: FieldProblem): Told {
  const told: Readonly<Record<string, Told>> = contexts ?? {};
  const rule = rules.find((name) => CODE_OF_RULE[name] === code && told[name] !== undefined);
  return (rule === undefined ? undefined : told[rule]) ?? {};
}

function detailOf(code: FieldProblem, { limit, form }: Told): Bilingual {
  if (limit !== undefined) return FIELD_LIMITS[code]?.(limit) ?? FIELD_PROBLEMS[code];
  return form ?? FIELD_PROBLEMS[code];
}

/** A list is named by its entries, where single ones are wrong. */
function pointersOf(error: ValidationError, pointer: string, { item }: Told): readonly string[] {
  const value: unknown = error.value;
  if (item === undefined || !Array.isArray(value)) return [pointer];
  const wrong = value.flatMap((entry, at) => (item(entry) ? [] : [`${pointer}/${at}`]));
  return wrong.length > 0 ? wrong : [pointer];
}

function codeOf(error: ValidationError, rules: readonly string[]): FieldProblem {
  const codes = rules.map((rule) => CODE_OF_RULE[rule] ?? 'invalid');
  if (codes.includes('unknown')) return 'unknown';
  if (error.value === undefined) return 'required';
  return ORDER.find((code) => codes.includes(code)) ?? codes[0] ?? 'invalid';
}

function failureOf(errors: readonly ValidationError[], where: 'body' | 'query'): Failure {
  const fields = flatten(errors, '');
  const code: ErrorCode = fields.some((entry) => entry.code === 'unknown')
    ? 'unknown_member'
    : where === 'body'
      ? 'invalid_request'
      : 'invalid_query';
  return new Failure(code, { fields });
}

/** Validates every body and query against its class. Members that the class does not declare are refused. */
@Injectable()
export class RequestValidationPipe implements PipeTransform<unknown, Promise<unknown>> {
  readonly #body = strictPipe('body');
  readonly #query = strictPipe('query');

  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    switch (metadata.type) {
      case 'body':
        if (!isPlainObject(value)) throw new Failure('malformed_request');
        refuseInherited(value);
        return untyped(await this.#body.transform(value, metadata));
      case 'query':
        refuseInherited(value);
        return untyped(await this.#query.transform(value, metadata));
      case 'param':
      case 'custom':
        return value;
    }
  }
}

function strictPipe(where: 'body' | 'query'): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: true },
    exceptionFactory: (errors) => failureOf(errors, where),
  });
}

/**
 * Members named like something that every object has (`toString`) look known to the validator, which drops them
 * without a word; they are as unknown as any other.
 * @throws Failure `unknown_member`
 */
function refuseInherited(value: unknown): void {
  const pointers = inheritedMembers(value, '');
  if (pointers.length > 0) throw unknown(pointers);
}

/**
 * For a route that has no use for any member.
 * @throws Failure `unknown_member` naming each, `malformed_request` for what has none because it is no object
 */
export function refuseMembers(body: unknown): void {
  if (!isPlainObject(body)) throw new Failure('malformed_request');
  const pointers = Object.keys(body).map((member) => `/${escapePointer(member)}`);
  if (pointers.length > 0) throw unknown(pointers);
}

const unknown = (pointers: readonly string[]): Failure =>
  new Failure('unknown_member', {
    fields: pointers.map((pointer) => ({ pointer, code: 'unknown', detail: FIELD_PROBLEMS.unknown })),
  });

function inheritedMembers(value: unknown, path: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([member, below]: [string, unknown]) => {
    const pointer = `${path}/${escapePointer(member)}`;
    return member in Object.prototype ? [pointer] : inheritedMembers(below, pointer);
  });
}

const untyped = (value: unknown): unknown => value;

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
