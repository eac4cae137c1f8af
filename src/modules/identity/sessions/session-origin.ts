import type { RequestContext } from '../../../kernel/context.js';
import { networkOf } from '../../../ledger/index.js';

/** From where a session was opened, as coarsely as its owner needs to recognise it. */
export interface SessionOrigin {
  readonly browser: string;
  readonly system: string;
  /** The /24 (IPv4) or /48 (IPv6): what can be said without a map of addresses, and no more. */
  readonly network: string;
}

/** Families, most particular first: most browsers also name the ones they descend from. */
const BROWSERS = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|CriOS|Chromium)\//],
  ['Safari', /\bVersion\/[\d.]+.*\bSafari\//],
  ['curl', /^curl\//],
] as const;

const SYSTEMS = [
  ['Android', /\bAndroid\b/],
  ['iOS', /\b(?:iPhone|iPad|iPod)\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\b(?:Macintosh|Mac OS X)\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
] as const;

type Families = readonly (readonly [string, RegExp])[];

/** What is said of a program that none of the families is named by. */
const OTHER = 'other';
/** What is read of a header that anybody may make as long as they like. */
const READ = 300;

const familyOf = (families: Families, userAgent: string): string =>
  families.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? OTHER;

/** Names of families only: nothing of what the header says is kept itself. */
export function originOf({ userAgent = '', address }: RequestContext): SessionOrigin {
  const read = userAgent.slice(0, READ);
  return {
    browser: familyOf(BROWSERS, read),
    system: familyOf(SYSTEMS, read),
    network: networkOf(address),
  };
}
