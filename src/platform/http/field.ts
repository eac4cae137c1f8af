import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { ValidateBy, ValidateIf, type ValidationOptions } from 'class-validator';
import type { Bilingual } from '../../kernel/errors.js';

/** One decorator a property: what the contract promises is what validation demands, so the two cannot drift. */
export interface FieldOptions {
  readonly description?: string;
  /** May be left out. */
  readonly optional?: boolean;
  /** May be `null` (in a merge patch: remove). */
  readonly nullable?: boolean;
}

export function field(
  options: FieldOptions,
  api: ApiPropertyOptions,
  ...rules: PropertyDecorator[]
): PropertyDecorator {
  const presence: PropertyDecorator[] = [
    ValidateIf((_, value: unknown) => {
      if (value === undefined) return options.optional !== true;
      return !(value === null && options.nullable === true);
    }),
  ];
  const description = options.description === undefined ? {} : { description: options.description };
  const nullable = options.nullable === true ? { nullable: true } : {};
  // The union of ApiPropertyOptions does not survive a spread; `api` is a literal of each caller and already one of its members.
  const property = Object.assign<ApiPropertyOptions, object>(api, {
    ...description,
    ...nullable,
    required: options.optional !== true,
  });
  return applyDecorators(ApiProperty(property), ...presence, ...rules);
}

/** A rule of our own. Without a message, which nobody sees, class-validator drops what the rule tells. */
export const matching = (
  name: string,
  holds: (value: unknown) => boolean,
  options: ValidationOptions = {},
): PropertyDecorator => ValidateBy({ name, validator: { validate: holds } }, { message: name, ...options });

/** What a rule has to say to whoever breaks it, beyond that they did. */
export interface Told {
  readonly limit?: number;
  readonly form?: Bilingual | undefined;
  /** Of a list's rule: whether it holds for one entry, so that those for which it does not can be named. */
  readonly item?: (entry: unknown) => boolean;
}

export const telling = (told: Told): ValidationOptions => ({ context: told });
