import type { Locale } from '../../../../kernel/context.js';
import { escapeHtml } from './html.js';
import { labelOf } from './labels.js';

const MOMENTS = {
  fr: new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Paris' }),
  en: new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Paris' }),
} as const;

const YES_NO = { fr: ['non', 'oui'], en: ['no', 'yes'] } as const;

/** Whether a member says nothing: left out, empty, or a list of nothing. */
function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

/** A record as a list of what its members are called and say; what was not given is left out. */
export function recordHtml(record: object, locale: Locale): string {
  const rows = Object.entries(record).filter(([, value]) => !isEmpty(value));
  return `<dl>${rows
    .map(
      ([name, value]) => `<dt>${escapeHtml(labelOf(name, locale))}</dt><dd>${valueHtml(value, locale)}</dd>`,
    )
    .join('')}</dl>`;
}

function valueHtml(value: unknown, locale: Locale): string {
  if (typeof value === 'boolean') return YES_NO[locale][value ? 1 : 0];
  if (value instanceof Date) return escapeHtml(MOMENTS[locale].format(value));
  if (Array.isArray(value))
    return `<ul>${value.map((item: unknown) => `<li>${valueHtml(item, locale)}</li>`).join('')}</ul>`;
  if (typeof value === 'object' && value !== null) return recordHtml(value, locale);
  return escapeHtml(String(value)).replaceAll('\n', '<br>');
}
