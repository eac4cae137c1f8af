import { isIPv4, isIPv6 } from 'node:net';
import { type Bilingual, Failure, type FieldError } from '../../kernel/errors.js';
import { isId } from '../../kernel/ids.js';
import { canonicalAddress } from '../../kernel/ip-network.js';
import { type LedgerFilter, networkOf, type OriginHasher } from '../../ledger/index.js';

export const CRITERIA = ['client', 'agency', 'session', 'key', 'origin', 'actor', 'from', 'to'] as const;
export type Criterion = (typeof CRITERIA)[number];

/** What is known of an incident, in any mix; all that is given has to hold of an entry. Times are RFC 3339. */
export type Criteria = Readonly<Partial<Record<Criterion, string>>>;

/** Whether they say when and neither who, by what nor from where. */
export const isKnownByTimeAlone = (criteria: Criteria): boolean =>
  CRITERIA.every((name) => name === 'from' || name === 'to' || criteria[name] === undefined);

const HASH = /^[\w-]{43}$/;
const REFERENCE = /^[\x21-\x7e]{1,128}$/;
const isMoment = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text) &&
  !Number.isNaN(Date.parse(text)) &&
  isOfTheCalendar(text.slice(0, 'YYYY-MM-DD'.length));
/** The 30th of February would be taken for the 2nd of March. */
const isOfTheCalendar = (day: string): boolean => new Date(day).toISOString().startsWith(day);

interface Rule {
  readonly holds: (text: string) => boolean;
  readonly form: Bilingual;
}

const ID: Rule = {
  holds: isId,
  form: { en: 'An id in canonical form.', fr: 'Un identifiant sous sa forme canonique.' },
};
const MOMENT: Rule = {
  holds: isMoment,
  form: {
    en: 'A moment such as 2026-11-30T08:00:00Z.',
    fr: 'Un instant, par exemple 2026-11-30T08:00:00Z.',
  },
};

const RULES: Readonly<Record<Criterion, Rule>> = {
  client: ID,
  agency: ID,
  session: ID,
  actor: {
    holds: (text) => REFERENCE.test(text),
    form: {
      en: 'An id or the name of a part of the product.',
      fr: 'Un identifiant ou le nom d’un composant.',
    },
  },
  key: {
    holds: (text) => HASH.test(text),
    form: {
      en: 'A key’s thumbprint (RFC 7638), as the ledger has it.',
      fr: 'L’empreinte d’une clé (RFC 7638), telle que le journal la donne.',
    },
  },
  origin: {
    holds: (text) => originTextOf(text) !== undefined,
    form: {
      en: 'An IP address, a network (/24 or /48), or a keyed hash as the ledger has it.',
      fr: 'Une adresse IP, un réseau (/24 ou /48) ou une empreinte telle que le journal la donne.',
    },
  },
  from: MOMENT,
  to: MOMENT,
};

const NOTHING: Bilingual = {
  en: 'Name at least one criterion.',
  fr: 'Indiquez au moins un critère.',
};
const BACKWARDS: Bilingual = { en: 'It ends before it begins.', fr: 'La fin précède le début.' };

/** @throws Failure `invalid_request` that names each criterion which is not one */
export function readCriteria(given: Criteria): Criteria {
  const named = CRITERIA.flatMap((name) => {
    const value = given[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const wrong = named.flatMap(([name, value]): FieldError[] =>
    RULES[name].holds(value) ? [] : [{ pointer: `/${name}`, code: 'format', detail: RULES[name].form }],
  );
  if (wrong.length > 0) throw new Failure('invalid_request', { fields: wrong });
  if (named.length === 0) throw new Failure('invalid_request', { detail: NOTHING });
  const { from, to } = given;
  if (from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to))
    throw new Failure('invalid_request', {
      fields: [{ pointer: '/to', code: 'format', detail: BACKWARDS }],
    });
  return Object.fromEntries(named);
}

/** The entries that are meant. @param end of what has no end of its own */
export async function filterOf(
  { from, to, origin, ...equal }: Criteria,
  end: Date | null,
  hasher: OriginHasher,
): Promise<LedgerFilter> {
  const text = origin === undefined ? undefined : (originTextOf(origin) ?? '');
  const last = to === undefined ? (end ?? undefined) : new Date(to);
  return {
    ...equal,
    ...(from === undefined ? {} : { from: new Date(from) }),
    ...(last === undefined ? {} : { to: last }),
    ...(text === undefined ? {} : { origin: HASH.test(text) ? text : await hasher.hash(text) }),
  };
}

/** What the ledger has hashed of an origin, or the hash itself; `undefined` for what is no origin. */
function originTextOf(origin: string): string | undefined {
  if (HASH.test(origin)) return origin;
  const [address = '', prefix, ...more] = origin.split('/');
  if (more.length > 0 || address.includes('%') || !(isIPv4(address) || isIPv6(address))) return undefined;
  if (prefix === undefined) return `address:${canonicalAddress(address)}`;
  const network = networkOf(address);
  return network.endsWith(`/${prefix}`) ? `network:${network}` : undefined;
}
