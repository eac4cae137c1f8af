import type { Locale } from '../../../../kernel/context.js';

export interface Text {
  readonly subject: string;
  readonly text: string;
}

/** One mail in each language that the product speaks. */
export type BilingualText = Readonly<Record<Locale, Text>>;
