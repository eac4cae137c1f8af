import type { Type } from '@nestjs/common';
import { Transform, Type as TypeOf } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateBy,
  ValidateNested,
  isIn,
  isString,
  maxLength,
  type ValidationOptions,
} from 'class-validator';
import type { Bilingual } from '../../kernel/errors.js';
import { isId } from '../../kernel/ids.js';
import { field, type FieldOptions, matching, telling, type Told } from './field.js';

export interface TextOptions extends FieldOptions {
  /** Least number of characters; 1 unless told. */
  readonly min?: number;
  readonly max: number;
  readonly example: string;
  readonly pattern?: RegExp;
  /** What the pattern demands, for whoever did not meet it. */
  readonly form?: Bilingual;
}

// eslint-disable-next-line no-control-regex -- refusing control characters is the point
const PRINTABLE = /^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFE\uFFFF\p{Surrogate}]*$/u;

/** A text without control characters other than line breaks and tabs. */
export function Text(options: TextOptions): PropertyDecorator {
  const min = options.min ?? 1;
  const pattern = options.pattern === undefined ? {} : { pattern: options.pattern.source };
  return field(
    options,
    { type: String, minLength: min, maxLength: options.max, example: options.example, ...pattern },
    IsString(),
    MinLength(min, telling({ limit: min })),
    MaxLength(options.max, telling({ limit: options.max })),
    Matches(PRINTABLE),
    ...(options.pattern === undefined ? [] : [Matches(options.pattern, telling({ form: options.form }))]),
  );
}

/** An e-mail address (RFC 5321 limits). */
export function Email(options: FieldOptions & { readonly example?: string } = {}): PropertyDecorator {
  return field(
    options,
    {
      type: String,
      format: 'email',
      maxLength: 254,
      example: options.example ?? 'camille.martin@example.fr',
    },
    IsString(),
    MaxLength(254),
    IsEmail({ allow_utf8_local_part: false }),
  );
}

/** One of a closed list of texts. */
export function OneOf(
  values: readonly string[],
  options: FieldOptions & { readonly example?: string } = {},
): PropertyDecorator {
  const example = options.example ?? values[0];
  return field(
    options,
    { type: String, enum: [...values], ...(example === undefined ? {} : { example }) },
    IsIn([...values]),
  );
}

/** PostgreSQL, like history, has no year zero. */
const DATE = /^(?!0000)\d{4}-\d{2}-\d{2}$/;

function isDate(value: unknown): boolean {
  if (typeof value !== 'string' || !DATE.test(value)) return false;
  const parsed = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(value);
}

/** A calendar date, `YYYY-MM-DD` (RFC 3339 full-date). */
export function DateOnly(options: FieldOptions & { readonly example?: string } = {}): PropertyDecorator {
  return field(
    options,
    { type: String, format: 'date', example: options.example ?? '1994-07-14' },
    matching('date', isDate),
  );
}

/** No place on Earth is further from UTC than PostgreSQL takes, which is 15:59. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-](0\d|1[0-5]):[0-5]\d)$/;

function isInstant(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    INSTANT.test(value) &&
    isDate(value.slice(0, 10)) &&
    !Number.isNaN(Date.parse(value))
  );
}

/** A moment (RFC 3339 date-time), as text. */
export function Instant(options: FieldOptions & { readonly example?: string } = {}): PropertyDecorator {
  return field(
    options,
    { type: String, format: 'date-time', example: options.example ?? '2026-12-31T22:59:59Z' },
    matching('instant', isInstant),
  );
}

/** A calendar date or a moment, as text. */
export function DayOrInstant(options: FieldOptions & { readonly example: string }): PropertyDecorator {
  const oneOf = [
    { type: 'string', format: 'date' },
    { type: 'string', format: 'date-time' },
  ];
  return field(
    options,
    { oneOf, example: options.example },
    matching('dayOrInstant', (value) => isDate(value) || isInstant(value)),
  );
}

/** A UUIDv7 in canonical form. */
export function Uuid(options: FieldOptions & { readonly example?: string } = {}): PropertyDecorator {
  return field(
    options,
    { type: String, format: 'uuid', example: options.example ?? '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b' },
    matching('uuid', (value) => typeof value === 'string' && isId(value)),
  );
}

export interface WholeNumberOptions extends FieldOptions {
  readonly min: number;
  readonly max: number;
  readonly example?: number;
  /** Read from a query string, where everything is text. */
  readonly query?: boolean;
}

export function WholeNumber(options: WholeNumberOptions): PropertyDecorator {
  const fromText = Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value,
  );
  return field(
    options,
    { type: 'integer', minimum: options.min, maximum: options.max, example: options.example ?? options.min },
    ...(options.query === true ? [fromText] : []),
    IsInt(),
    Min(options.min, telling({ limit: options.min })),
    Max(options.max, telling({ limit: options.max })),
  );
}

export function YesNo(
  options: FieldOptions & { readonly example?: boolean; readonly query?: boolean } = {},
): PropertyDecorator {
  const fromText = Transform(({ value }: { value: unknown }) =>
    value === 'true' ? true : value === 'false' ? false : value,
  );
  return field(
    options,
    { type: Boolean, example: options.example ?? true },
    ...(options.query === true ? [fromText] : []),
    IsBoolean(),
  );
}

/** Nest tells a function that gives a class from a class by its name, which has to be `type`. */
function lazily(give: () => Type): () => Type {
  const type = (): Type => give();
  return type;
}

/** An object of another class, validated in turn. */
export function Nested(type: () => Type, options: FieldOptions = {}): PropertyDecorator {
  return field(options, { type: lazily(type) }, IsObject(), ValidateNested(), TypeOf(type));
}

export interface ListOptions extends FieldOptions {
  readonly min?: number;
  readonly max: number;
  readonly unique?: boolean;
  readonly example?: readonly unknown[];
}

const sized = ({ min = 0, max }: ListOptions): readonly PropertyDecorator[] => [
  ArrayMinSize(min, telling({ limit: min })),
  ArrayMaxSize(max, telling({ limit: max })),
];

/** A list of objects of another class. */
export function ListOf(type: () => Type, options: ListOptions): PropertyDecorator {
  return field(
    options,
    { type: lazily(type), isArray: true, minItems: options.min ?? 0, maxItems: options.max },
    IsArray(),
    ...sized(options),
    ValidateNested({ each: true }),
    IsObject({ each: true }),
    TypeOf(type),
  );
}

/** A rule that holds for every entry of a list; `holds` is the same rule, so that those can be named that break it. */
const everyEntry = (holds: (entry: unknown) => boolean, told: Told = {}): ValidationOptions => ({
  each: true,
  ...telling({ ...told, item: holds }),
});

/** A list of texts, each one of `values` or, without them, of at most `maxLength` characters. */
export function Texts(
  options: ListOptions & { readonly values?: readonly string[]; readonly maxLength?: number },
): PropertyDecorator {
  const { values = [], maxLength: longest = 200 } = options;
  const item = options.values === undefined ? { maxLength: longest } : { enum: [...values] };
  return field(
    options,
    {
      type: 'array',
      items: { type: 'string', ...item },
      minItems: options.min ?? 0,
      maxItems: options.max,
      ...(options.example === undefined ? {} : { example: [...options.example] }),
    },
    IsArray(),
    ...sized(options),
    ...(options.unique === true ? [ArrayUnique()] : []),
    ...(options.values === undefined
      ? [
          IsString(everyEntry(isString)),
          MaxLength(
            longest,
            everyEntry((entry) => maxLength(entry, longest), { limit: longest }),
          ),
          Matches(
            PRINTABLE,
            everyEntry((entry) => isString(entry) && PRINTABLE.test(entry)),
          ),
        ]
      : [
          IsIn(
            [...options.values],
            everyEntry((entry) => isIn(entry, [...values])),
          ),
        ]),
  );
}

/** A list of different UUIDv7. */
export function Uuids(options: ListOptions): PropertyDecorator {
  const isUuid = { validate: (value: unknown) => typeof value === 'string' && isId(value) };
  return field(
    options,
    {
      type: 'array',
      items: { type: 'string', format: 'uuid' },
      minItems: options.min ?? 0,
      maxItems: options.max,
      uniqueItems: true,
      example: ['019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b'],
    },
    IsArray(),
    ...sized(options),
    ArrayUnique(),
    ValidateBy({ name: 'uuid', validator: isUuid }, { each: true }),
  );
}

/** An object of any shape, for answers whose members depend on the case. */
export function AnyObject(options: FieldOptions & { readonly example?: object }): PropertyDecorator {
  const example = options.example === undefined ? {} : { example: options.example };
  return field(options, { type: 'object', additionalProperties: true, ...example }, IsObject());
}

/** A text or a yes/no: the answer to a question whose kind decides which. */
export function TextOrYesNo(
  options: FieldOptions & { readonly max: number; readonly example: string | boolean },
): PropertyDecorator {
  const isAnswer = (value: unknown): boolean =>
    typeof value === 'boolean' ||
    (typeof value === 'string' && value.length <= options.max && PRINTABLE.test(value));
  const oneOf = [{ type: 'string', maxLength: options.max }, { type: 'boolean' }];
  return field(options, { oneOf, example: options.example }, matching('answer', isAnswer));
}
