import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import { Text, WholeNumber } from './fields.js';

/** One page of a list, newest or first entries first. */
export class Page<T> {
  readonly items: readonly T[];
  /** Opaque; `null` on the last page. */
  readonly nextCursor: string | null;

  constructor(items: readonly T[], nextCursor: string | null) {
    this.items = items;
    this.nextCursor = nextCursor;
  }

  map<U>(change: (item: T) => U): Page<U> {
    return new Page(this.items.map(change), this.nextCursor);
  }
}

/**
 * @param found one more than the limit when others follow
 * @returns what stands on the page, and the last of it when others follow
 */
export function cutPage<T>(
  found: readonly T[],
  limit: number,
): { readonly items: readonly T[]; readonly last: T | undefined } {
  const items = found.slice(0, limit);
  return { items, last: found.length > limit ? items.at(-1) : undefined };
}

/** One page of a list that goes on for ever: whoever has come to its end asks again from there. */
export class ResumablePage<T> extends Page<T> {
  /** Opaque: leads to whatever comes after this page, be it there already or not. */
  readonly resumeCursor: string;

  constructor(items: readonly T[], nextCursor: string | null, resumeCursor: string) {
    super(items, nextCursor);
    this.resumeCursor = resumeCursor;
  }

  override map<U>(change: (item: T) => U): ResumablePage<U> {
    return new ResumablePage(this.items.map(change), this.nextCursor, this.resumeCursor);
  }
}

/** The query of every list. */
export class PageQuery {
  @WholeNumber({ min: 1, max: 100, example: 25, optional: true, query: true })
  readonly limit: number = 25;

  @Text({ min: 1, max: 1_000, example: 'WyJ2YWNhbmNpZXMiXQ.QkFTRTY0', optional: true })
  readonly cursor?: string;
}

export interface PageExtras {
  /** When it may be asked for in an order that goes on for ever, which that is. */
  readonly resumable?: string;
  /** Lists that stand beside `items`, whole on each page. */
  readonly beside?: Readonly<Record<string, Type>>;
}

const listOf = (item: Type): object => ({ type: 'array', items: { $ref: getSchemaPath(item) } });

/** Documents an answer that is a page of `item`. */
export function ApiPage(
  item: Type,
  { resumable, beside = {} }: PageExtras = {},
): MethodDecorator & ClassDecorator {
  const others = Object.fromEntries(Object.entries(beside).map(([name, type]) => [name, listOf(type)]));
  return applyDecorators(
    ApiExtraModels(item, ...Object.values(beside)),
    ApiOkResponse({
      description: 'One page. The Link header with rel="next" leads to the following one.',
      headers: { Link: { description: 'rel="next", when there is a next page', schema: { type: 'string' } } },
      schema: {
        type: 'object',
        required: ['items', 'nextCursor', ...Object.keys(others)],
        properties: {
          items: listOf(item),
          nextCursor: { type: 'string', nullable: true },
          ...others,
          ...(resumable === undefined
            ? {}
            : { resumeCursor: { type: 'string', description: `${resumable}: where to ask again from` } }),
        },
      },
    }),
  );
}
