import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { type ListOptions, Text, type TextOptions, Texts } from './fields.js';
import { matching, telling } from './field.js';

/**
 * What has no place in one line that people read: control characters and line breaks, private and unpaired code
 * points, characters that show nothing, and those that turn the order of what follows (UAX #9 embeddings, overrides
 * and isolates). The joiners stay: names in Persian and in the scripts of India need them.
 */
const ONE_LINE =
  /^[^\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u00AD\u200B\u2060\uFEFF\uFFFE\uFFFF\u202A-\u202E\u2066-\u2069\u{E0000}-\u{E007F}]*$/u;
const NOT_BLANK = /\S/;

const FORM = {
  en: 'This is one line that says something, without control characters or characters that cannot be seen.',
  fr: 'Ce champ tient en une ligne, qui dit quelque chose, sans caractère de contrôle ni caractère invisible.',
};

const isLine = (value: unknown): boolean => typeof value === 'string' && ONE_LINE.test(value);

/** Canonically composed (Unicode NFC), without spaces at either end, and with single ones in between. */
function tidied(value: unknown): unknown {
  return typeof value === 'string'
    ? value
        .normalize('NFC')
        .trim()
        .replaceAll(/\p{Zs}+/gu, ' ')
    : value;
}

/** One line in any script: a name, a place, a title. */
export function Line(options: TextOptions): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => tidied(value)),
    Text({ pattern: NOT_BLANK, form: FORM, ...options }),
    matching('line', isLine, telling({ form: FORM })),
  );
}

/** A list of such lines, each of at most `maxLength` characters and none of them blank. */
export function Lines(options: ListOptions & { readonly maxLength: number }): PropertyDecorator {
  const isSaid = (entry: unknown): boolean => isLine(entry) && NOT_BLANK.test(String(entry));
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (Array.isArray(value) ? value.map(tidied) : value)),
    Texts(options),
    matching('line', isSaid, { each: true, ...telling({ form: FORM, item: isSaid }) }),
  );
}
