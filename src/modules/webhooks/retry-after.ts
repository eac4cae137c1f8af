/** A date of RFC 9110 §5.6.7, in any of its three forms. All of them are in GMT, of which one does not say so. */
const HTTP_DATE = /^[A-Z][a-z]+, [\w :-]+ GMT$|^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4}$/;

/**
 * How long a receiver asks not to be sent anything (`Retry-After`, RFC 9110 §10.2.3), in milliseconds.
 * @param value a number of seconds or a date, as it came
 * @returns `null` when it asks for nothing that can be understood; 0 for a date that is over
 */
export function retryAfterOf(value: string | undefined, now: Date): number | null {
  if (value === undefined) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  if (!HTTP_DATE.test(value)) return null;
  const at = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}
