import type { Locale } from '../../../kernel/context.js';
import { typeset } from '../../../kernel/wording.js';
import { notificationInEnglish } from './authority-in-english.js';
import { notificationInFrench } from './authority-in-french.js';
import { filledOf, type NotificationFacts } from './filled-notification.js';

/**
 * The notification to the authority (GDPR article 33(3)), section by section as CNIL's form asks, with the figures
 * filled in. What nothing here says stands in square brackets. Markdown.
 */
export function authorityNotification(facts: NotificationFacts, locale: Locale): string {
  const filled = filledOf(facts);
  return locale === 'fr' ? typeset(notificationInFrench(filled)) : notificationInEnglish(filled);
}
