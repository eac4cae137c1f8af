/** How a server has replied to a command, without its text: that may name the recipient. */
export interface SmtpReply {
  /** Such as `MAIL FROM`, `RCPT TO`, `DATA`. */
  readonly command: string;
  /** 200 to 559 (RFC 5321 §4.2). */
  readonly code: number;
  /** Such as `5.1.1`, where the server says so (RFC 3463 §2). */
  readonly status?: string;
}

/** Some servers have it behind a hash or at the end in brackets; it is no part of an address of the Internet. */
const STATUS = /[\s#(-]([245]\.\d{1,3}\.\d{1,3})(?=[\s:;,)]|$)/;

/** Those by which the address that the mail goes to is wrong: 5.1.7 and 5.1.8 are of the sender's, 5.1.0 of either. */
const WRONG_RECIPIENT: ReadonlySet<string> = new Set([
  // RFC 3463 §3.2
  '5.1.1',
  '5.1.2',
  '5.1.3',
  '5.1.4',
  '5.1.6',
  // RFC 7505 §4.2: its domain takes no mail.
  '5.1.10',
]);

/** Mailbox unavailable, not local, name not allowed (RFC 5321 §4.2.3). 552 is for want of room, 554 says nothing. */
const UNAVAILABLE: ReadonlySet<number> = new Set([550, 551, 553]);

/** @returns `undefined` for what is no reply of a server, such as a connection that is lost */
export function smtpReplyOf(thrown: unknown): SmtpReply | undefined {
  if (!(thrown instanceof Error && 'command' in thrown && 'response' in thrown)) return undefined;
  const { command, response } = thrown;
  if (typeof command !== 'string' || typeof response !== 'string') return undefined;
  const code = /^[2-5]\d{2}(?!\d)/.exec(response)?.[0];
  if (code === undefined) return undefined;
  const status = STATUS.exec(response)?.[1];
  return { command, code: Number(code), ...(status === undefined ? {} : { status }) };
}

/**
 * Whether a server wants no mail for this recipient, now or later (RFC 5321 §4.2.1, RFC 3463 §3.2). A refusal of the
 * sender, of us or of the contents is not that: somebody can mend it, and then the mail goes through.
 */
export function isRecipientRefused(thrown: unknown): boolean {
  const reply = smtpReplyOf(thrown);
  if (reply === undefined || reply.command !== 'RCPT TO' || reply.code < 500) return false;
  return reply.status === undefined ? UNAVAILABLE.has(reply.code) : WRONG_RECIPIENT.has(reply.status);
}

/**
 * Whether a try failed for what only this mail has, its recipient or its contents, so that others may go through. Not
 * so without a connection, when the server does not know us or says that it closes (421, RFC 5321 §4.2.3), and for the
 * sender, which all mails share.
 */
export function isOfThisMail(thrown: unknown): boolean {
  if (!(thrown instanceof Error && 'code' in thrown)) return false;
  if (thrown.code !== 'EENVELOPE' && thrown.code !== 'EMESSAGE') return false;
  const reply = smtpReplyOf(thrown);
  return reply === undefined || (reply.command !== 'MAIL FROM' && reply.code !== 421);
}
