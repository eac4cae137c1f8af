import { createHash } from 'node:crypto';

/** A mail that is given up: sending it again would end the same way. Says nothing of the mail itself. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
  readonly reason: 'address' | 'subject' | 'recipient';

  constructor(reason: MailRefused['reason']) {
    super(`The mail is refused for its ${reason}.`);
    this.reason = reason;
  }
}

/** One address and nothing around it (RFC 5321 §4.1.2, without quoted local parts and comments). */
const ADDRESS = /^[^\s@"(),:;<>[\\\]\p{C}]{1,64}@[^\s@"(),:;<>[\\\]\p{C}]{1,255}$/u;
const SENDER = /^(?:[^<>\p{C}]*<([^<>\s]+)>|([^<>\s\p{C}]+))$/u;

/**
 * Who a mail goes to and comes from on the wire, whatever its headers say.
 * @throws MailRefused for a recipient or a subject that could add a recipient, a header or a body of its own
 */
export function envelopeOf(
  { to, subject }: { readonly to: string; readonly subject: string },
  from: string,
): { readonly from: string; readonly to: string } {
  if (!ADDRESS.test(to)) throw new MailRefused('address');
  if (/\p{C}/u.test(subject)) throw new MailRefused('subject');
  const [, named, bare] = SENDER.exec(from) ?? [];
  return { from: named ?? bare ?? '', to };
}

/**
 * The same Message-ID whenever a mail is sent, so that one that comes twice is known for it (RFC 5322 §3.6.4).
 * @param id of which the header tells nothing, not even the time that it has
 * @param from as `envelopeOf` says
 */
export function messageIdOf(id: string, from: string): string {
  const name = createHash('sha256').update(`sceau.mail/${id}`).digest('hex').slice(0, 32);
  return `<${name}@${from.slice(from.lastIndexOf('@') + 1)}>`;
}
