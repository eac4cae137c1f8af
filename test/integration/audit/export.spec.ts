import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { newId } from '../../../src/kernel/ids.js';
import { ACTIONS } from '../../../src/ledger/index.js';
import { openNote, parseCheckpoint } from '../../../src/ledger/merkle/index.js';
import type { PersonClient } from '../../../tools/client/person.ts';
import { record } from '../../support/actors.js';
import { signInStaff } from '../../support/staff.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { verifyAlone } from '../ledger/oracles.js';
import { agencyActor, contextOf, exported, recordEntries, systemNamed } from './fixture.js';

/** A name that a spreadsheet would run. */
const FORMULA = '=HYPERLINK("https://example.org/";"Ouvrir")';

describe('the export', () => {
  let sceau: Sceau;
  let auditor: PersonClient;
  const agency = agencyActor();
  let middle: string;

  beforeAll(async () => {
    sceau = await startSceau();
    const candidates = Array.from({ length: 3 }, () => newId<'candidate'>(Date.now()));
    const fields = ['motivation', 'education'];
    await recordEntries(sceau, [
      {
        action: 'application.disclosed',
        context: contextOf(agency),
        purpose: 'review',
        subjects: candidates.map((candidate) => ({ candidate, fields })),
      },
      { action: 'process.started', context: systemNamed(FORMULA) },
      { action: 'process.started', context: systemNamed('+1+1') },
      { action: 'process.started', context: systemNamed('@SUM(A1:A9)') },
      { action: 'process.started', context: systemNamed('-2+3') },
    ]);
    sceau.clock.advance({ hours: 2 });
    middle = sceau.clock.now().toISOString();
    auditor = await signInStaff(sceau, 'auditor');
    await recordEntries(sceau, [
      { action: 'disclosure.budget_spent', context: contextOf(agency), outcome: 'refused' },
    ]);
  }, 60_000);

  afterAll(() => sceau.stop());

  const lines = (text: string): readonly Record<string, unknown>[] =>
    text
      .trimEnd()
      .split('\n')
      .map((line): Record<string, unknown> => record(JSON.parse(line)));
  const bytes = (value: unknown): Buffer => Buffer.from(String(value), 'base64');
  const sha256 = (...parts: Buffer[]): Buffer => {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  const leafHash = (leaf: Buffer): Buffer => sha256(Buffer.of(0), leaf);
  /** RFC 9162 §2.1.1, by its definition. */
  function rootOf(hashes: readonly Buffer[]): Buffer {
    const [only] = hashes;
    if (only === undefined) return sha256();
    if (hashes.length === 1) return only;
    const split = 2 ** (Math.ceil(Math.log2(hashes.length)) - 1);
    return sha256(Buffer.of(1), rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split)));
  }
  const eventOf = (line: Record<string, unknown>): Record<string, unknown> => record(line['event'] ?? {});
  /** RFC 9162 §2.1.3, by its definition. */
  function rootAbove(leaf: Buffer, index: number, size: number, path: readonly Buffer[]): Buffer {
    const sibling = path.at(-1);
    if (size === 1 || sibling === undefined) return leaf;
    const split = 2 ** (Math.ceil(Math.log2(size)) - 1);
    const below = path.slice(0, -1);
    return index < split
      ? sha256(Buffer.of(1), rootAbove(leaf, index, split, below), sibling)
      : sha256(Buffer.of(1), sibling, rootAbove(leaf, index - split, size - split, below));
  }
  const subjectsOf = (line: Record<string, unknown>): readonly Record<string, unknown>[] => {
    const list = line['subjects'];
    return Array.isArray(list) ? list.map(record) : [];
  };

  it('holds all that is needed to recompute the signed root', async () => {
    const all = lines(await exported(auditor));
    const end = all.at(-1);
    const entries = all.slice(0, -1);
    expect(end?.['count']).toBe(entries.length);
    expect(entries.map(({ index }) => index)).toEqual(entries.map((_, index) => index));
    const key = await readFile(join(sceau.settings.ledger.stateDirectory, 'checkpoint-key.vkey'), 'utf8');
    const checkpoint = parseCheckpoint(openNote(String(end?.['checkpoint']), key.trim()) ?? '');
    expect(checkpoint?.size).toBe(entries.length);
    const root = rootOf(entries.map(({ entry }) => leafHash(bytes(entry))));
    expect(root.toString('hex')).toBe(checkpoint?.root.toString('hex'));
  });

  it('is enough for the standalone verifier, unless it is a part or broke off', async () => {
    const key = join(sceau.settings.ledger.stateDirectory, 'checkpoint-key.vkey');
    const file = join(sceau.home, 'export.ndjson');
    const verdictOf = async (text: string) => {
      await writeFile(file, text);
      return verifyAlone(file, '--key', key);
    };
    const whole = await exported(auditor);
    expect(await verdictOf(whole)).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^Verified: \d+ entries, test\.localhost\/audit\/1\.\n$/),
    });
    const listed = whole.replaceAll('"action":"disclosure.budget_spent"', '"action":"process.started"');
    expect(await verdictOf(listed)).toMatchObject({
      code: 1,
      output: expect.stringContaining('another action'),
    });
    for (const query of [`?to=${middle}`, `?from=${middle}`])
      expect(await verdictOf(await exported(auditor, query))).toMatchObject({ code: 2 });
    expect(await verdictOf(await exported(auditor, `?to=${middle}`))).toMatchObject({
      output: expect.stringContaining('a part of the ledger'),
    });
    expect(await verdictOf(whole.slice(0, whole.lastIndexOf('{"count"')))).toMatchObject({ code: 2 });
  });

  it('holds each entry’s signature by a writer that an entry introduces', async () => {
    const entries = lines(await exported(auditor)).slice(0, -1);
    const envelopes = entries.map((line) => record(JSON.parse(bytes(line['entry']).toString())));
    const keys = new Map(
      envelopes.flatMap(({ introduces }) =>
        introduces === undefined
          ? []
          : [[String(record(introduces)['writer']), String(record(introduces)['key'])] as const],
      ),
    );
    expect(keys.size).toBeGreaterThan(0);
    const unsigned = entries.filter((line) => {
      const jwk = { kty: 'OKP', crv: 'Ed25519', x: keys.get(String(line['writer'])) ?? '' };
      const key = createPublicKey({ key: jwk, format: 'jwk' });
      const signature = bytes(line['signature']);
      const [index, size] = [signature.readUInt16BE(64), signature.readUInt16BE(66)];
      const path = Array.from({ length: (signature.length - 68) / 32 }, (_, at) =>
        signature.subarray(68 + at * 32, 100 + at * 32),
      );
      const root = rootAbove(leafHash(bytes(line['entry'])), index, size, path).toString('base64url');
      const text = `sceau-ledger-batch/1\n${String(line['writer'])}\n${size}\n${root}\n`;
      return !verify(null, Buffer.from(text), key, signature.subarray(0, 64));
    });
    expect(unsigned).toEqual([]);
    expect(entries.map(({ n }) => n)).toEqual(envelopes.map(({ n }) => n));
  });

  it('holds the subjects under each entry’s root, and what they are found by', async () => {
    const entries = lines(await exported(auditor)).slice(0, -1);
    for (const line of entries) {
      const { subjectsRoot } = record(JSON.parse(bytes(line['entry']).toString()));
      const hashes = subjectsOf(line).map(({ record: own }) => leafHash(bytes(own)));
      expect(rootOf(hashes).toString('base64url')).toBe(subjectsRoot);
    }
    const disclosed = entries.find((line) => eventOf(line)['action'] === 'application.disclosed') ?? {};
    const subjects = subjectsOf(disclosed);
    expect(subjects.map((subject) => Object.keys(subject).toSorted())).toEqual(
      subjects.map(() => ['fields', 'listed', 'record', 'subject']),
    );
    expect(subjects.map(({ subject, listed }) => record(listed)['subject'] === subject)).toEqual([
      true,
      true,
      true,
    ]);
    expect(eventOf(disclosed)).toMatchObject({ outcome: 'allowed', purpose: 'review', count: 3 });
  });

  it('keeps to its span of time', async () => {
    const early = lines(await exported(auditor, `?to=${middle}`));
    const late = lines(await exported(auditor, `?from=${middle}`));
    const times = (part: readonly Record<string, unknown>[]) =>
      part.map(eventOf).flatMap(({ at }) => (typeof at === 'string' ? [at] : []));
    expect(times(early).every((at) => at < middle)).toBe(true);
    expect(times(late).every((at) => at >= middle)).toBe(true);
    const actions = late.map((line) => eventOf(line)['action']);
    expect(actions).toContain('disclosure.budget_spent');
    expect(actions).not.toContain('application.disclosed');
    expect(late.at(-1)?.['count']).toBe(late.length - 1);
    expect(lines(await exported(auditor, '?from=2099-01-01T00:00:00Z'))[0]?.['count']).toBe(0);
  });

  it('is a CSV that no spreadsheet takes for formulas', async () => {
    const text = await exported(auditor, '?format=csv');
    const rows: Record<string, string>[] = parse(text, { columns: true, record_delimiter: '\r\n' });
    expect(rows.length).toBeGreaterThan(5);
    const cells = rows.flatMap((row) => Object.values(row));
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    const actors = rows.map(({ actor }) => actor);
    for (const name of [FORMULA, '+1+1', '@SUM(A1:A9)', '-2+3']) expect(actors).toContain(`'${name}`);
    const disclosed = rows.find(({ action }) => action === 'application.disclosed');
    expect(disclosed).toMatchObject({ fields: 'motivation education', client: agency.clientId });
    expect(disclosed?.['subjects']?.split(' ')).toHaveLength(3);
  });

  it('is OCSF: every event has what class 6005 requires', async () => {
    const events = lines(await exported(auditor, '?format=ocsf'));
    expect(events.length).toBeGreaterThan(5);
    // Attributes that version 1.5.0 of the schema requires of the class and of its objects.
    for (const event of events) {
      expect(event).toMatchObject({ category_uid: 6, class_uid: 6005 });
      expect(event['type_uid']).toBe(600_500 + Number(event['activity_id']));
      expect([1, 2, 6, 7, 8, 10, 99]).toContain(event['activity_id']);
      expect(Number.isSafeInteger(event['time'])).toBe(true);
      expect([1, 2, 3, 5]).toContain(event['severity_id']);
      expect(record(event['metadata'])).toMatchObject({ version: '1.5.0', product: { name: 'Sceau' } });
      expect(record(record(event['actor'])['user'])['uid']).toEqual(expect.any(String));
      expect(record(event['src_endpoint'])['uid']).toEqual(expect.any(String));
      expect(record(event['table'])['name']).toEqual(expect.any(String));
    }
    const find = (code: string) =>
      events.find(({ metadata }) => record(metadata)['event_code'] === code) ?? {};
    expect(find('application.disclosed')).toMatchObject({ activity_id: 10, status_id: 1, severity_id: 1 });
    expect(find('disclosure.budget_spent')).toMatchObject({
      activity_id: 99,
      activity_name: 'disclosure.budget_spent',
      status_id: 2,
      severity_id: 5,
    });
    expect(ACTIONS).toContain(String(record(events[0]?.['metadata'])['event_code']));
  });

  it('names a file', async () => {
    const { headers } = await auditor.request('/v1/audit/export?format=csv', { headers: { accept: '*/*' } });
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toBe('attachment; filename="ledger.csv"');
  });
});
