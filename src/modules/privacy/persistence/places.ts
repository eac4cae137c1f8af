import type { Locale } from '../../../kernel/context.js';
import { place } from '../../../sealing/index.js';
import type { ConsentPurpose } from '../consents/purposes.js';

/** What somebody has decided, about which words, in which language, and when. */
export interface Decision {
  readonly purpose: ConsentPurpose;
  readonly given: boolean;
  /** Version of the wording. */
  readonly version: number;
  readonly locale: Locale;
  /** RFC 3339. */
  readonly at: string;
}

export const CONSENT_DECISION = place<Decision>()('privacy_consent.decision');
