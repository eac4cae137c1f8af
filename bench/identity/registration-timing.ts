import { randomBytes, randomInt } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Authenticator } from '../../tools/client/authenticator.ts';
import { parseMail } from '../../tools/client/mail.ts';
import type { Measurement, RunOptions } from '../harness/benchmark.ts';
import { NpmStart } from '../harness/npm-start.ts';
import { median } from '../harness/rounds.ts';
import { inTemporaryFolder } from '../harness/temporary-folder.ts';
import { criticalDistance, kolmogorovDistance, rankDeviation } from './separation.ts';
import { freePort } from '../../tools/free-port.ts';

/** Cheap hashes, so that their noise hides nothing; every origin may ask thirty times, so there are many. */
const ENVIRONMENT = { PASSWORD_MEMORY_KIB: '1024', PASSWORD_ITERATIONS: '1', TRUSTED_PROXIES: '127.0.0.1' };
const PASSWORD = 'quatre chevaux bleus sur la digue';
const ACCOUNTS = 6;
const MAIL_PATIENCE_MS = 30_000;
/** Part of a median request that the measures must see, were it added to those at known addresses. */
const VISIBLE = 0.15;

type Kind = 'known' | 'alsoKnown' | 'unknown';
type Samples = Readonly<Record<Kind, number[]>>;

/**
 * Asks for accounts at addresses with an account and without one, in an order left to chance, and tells how far the
 * times differ: between two samples of known addresses (the baseline) and between known and unknown ones. That the
 * measures would have seen a difference is shown by adding a small one to the same sample.
 */
export function measureRegistrationTiming(options: RunOptions): Promise<readonly Measurement[]> {
  return inTemporaryFolder(async (folder) => {
    const home = join(folder, 'home');
    const port = await freePort();
    const sceau = new NpmStart(home, port, ENVIRONMENT);
    try {
      await sceau.ready(options.signal);
      return judged(await sample(`http://127.0.0.1:${port}`, home, options));
    } finally {
      await sceau.stop();
    }
  });
}

function judged({ known, alsoKnown, unknown }: Samples): readonly Measurement[] {
  const limit = criticalDistance(known.length, unknown.length);
  const slower = known.map((time) => time + VISIBLE * median(known));
  const baseline = Math.max(kolmogorovDistance(known, alsoKnown), Number.EPSILON);
  const deviation = Math.max(rankDeviation(known, alsoKnown), Number.EPSILON);
  return [
    {
      name: 'Kolmogorov–Smirnov distance, known to unknown',
      value: Math.max(kolmogorovDistance(known, unknown), Number.EPSILON),
      unit: 'D',
      baseline,
      goal: { of: 'value', bound: 'at most', limit },
    },
    {
      name: 'Mann–Whitney deviation, known to unknown',
      value: Math.max(rankDeviation(known, unknown), Number.EPSILON),
      unit: 'σ',
      baseline: deviation,
      goal: { of: 'value', bound: 'at most', limit: 3.29 },
    },
    {
      name: `the same distance, had known taken ${VISIBLE * 100} % longer`,
      value: kolmogorovDistance(slower, unknown),
      unit: 'D',
      baseline,
      goal: { of: 'value', bound: 'at least', limit },
    },
  ];
}

async function sample(base: string, home: string, options: RunOptions): Promise<Samples> {
  const accounts: string[] = [];
  while (accounts.length < ACCOUNTS) accounts.push(await signUp(base, home));
  const wanted = options.quick ? 500 : 2_500;
  const samples: Samples = { known: [], alsoKnown: [], unknown: [] };
  // The first requests warm up code, connections and keys.
  for (let done = -300; done < 3 * wanted; done += 1) {
    options.signal.throwIfAborted();
    if (done % 100 === 0) options.progress(`sign-ups: ${Math.max(0, done)} of ${3 * wanted}`);
    const kind = chosen(samples, wanted);
    const known = accounts[randomInt(accounts.length)] ?? '';
    // As long as a known one.
    const email = kind === 'unknown' ? newAddress() : known;
    const begin = performance.now();
    const { status } = await ask(base, email);
    const elapsed = performance.now() - begin;
    if (status !== 202) throw new Error(`A sign-up answers ${status}.`);
    if (done >= 0) samples[kind].push(elapsed);
  }
  return samples;
}

/** One of those that still lack requests. */
function chosen(samples: Samples, wanted: number): Kind {
  const kinds = (['known', 'alsoKnown', 'unknown'] as const).filter((kind) => samples[kind].length < wanted);
  return kinds[randomInt(kinds.length)] ?? 'known';
}

const newAddress = (): string => `candidat.${randomBytes(8).toString('hex')}@example.fr`;

let origins = 0;

/** From an address of its own (RFC 2544 has set 198.18.0.0/15 apart for benchmarks). */
async function ask(base: string, email: string): Promise<Response> {
  origins += 1;
  const origin = `198.18.${Math.floor(origins / 250) % 256}.${1 + (origins % 250)}`;
  const response = await fetch(`${base}/v1/registrations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': origin },
    body: JSON.stringify({ email, password: PASSWORD, locale: 'fr' }),
  });
  await response.arrayBuffer();
  return response;
}

/** @returns the address of an account that is active */
async function signUp(base: string, home: string): Promise<string> {
  const email = newAddress();
  await ask(base, email);
  const token = await mailedToken(join(home, 'mail'), email);
  const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const response = await fetch(`${base}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} answers ${response.status}.`);
    const answer: unknown = await response.json();
    return typeof answer === 'object' && answer !== null ? { ...answer } : {};
  };
  const { ticket } = await post('/v1/registrations/confirm', { token });
  const { secret } = await post('/v1/totp/enrolments', { ticket });
  const code = await new Authenticator(String(secret)).code();
  await post('/v1/totp/enrolments/confirm', { ticket, code, transport: 'token' });
  return email;
}

async function mailedToken(folder: string, email: string): Promise<string> {
  const deadline = performance.now() + MAIL_PATIENCE_MS;
  while (performance.now() < deadline) {
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'));
    for (const name of names) {
      const mail = parseMail(await readFile(join(folder, name), 'utf8'));
      const token = mail.to.includes(email) ? /^[\w-]{43}$/m.exec(mail.text)?.[0] : undefined;
      if (token !== undefined) return token;
    }
    await pause(50);
  }
  throw new Error('The mail has not come.');
}
