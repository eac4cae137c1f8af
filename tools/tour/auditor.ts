import { setTimeout as pause } from 'node:timers/promises';
import { Authenticator } from '../client/authenticator.ts';
import { PersonClient } from '../client/person.ts';
import type { Persona } from './candidate.ts';
import type { DemoCredentials } from './demo-credentials.ts';
import { list, member, type Narrator, text } from './narrator.ts';

const STEP_MS = 30_000;

export class TourAuditor {
  readonly #narrator: Narrator;
  readonly #client: PersonClient;
  readonly #credentials: DemoCredentials['auditor'];

  constructor(base: string, credentials: DemoCredentials['auditor'], narrator: Narrator) {
    this.#narrator = narrator;
    this.#credentials = credentials;
    this.#client = new PersonClient(base, narrator.listen);
  }

  async signIn(): Promise<void> {
    const narrator = this.#narrator;
    narrator.chapter('10. An auditor sees who read what, and no personal field');
    const { email, password, totpSecret } = this.#credentials;
    const authenticator = new Authenticator(totpSecret);
    const attempt = async (code: string) =>
      this.#client.request('/v1/sessions', { body: { email, password, code, transport: 'token' } });
    narrator.expect(
      await attempt(await authenticator.wrongCode()),
      'an auditor needs the second factor too',
      401,
      'authentication_failed',
    );
    let session = await attempt(await authenticator.code());
    if (session.status === 401) {
      narrator.say('This code was used a moment ago, and a code works once: waiting for the next.');
      await pause(STEP_MS - (Date.now() % STEP_MS) + 500);
      session = await attempt(await authenticator.code());
    }
    narrator.expect(session, 'with it they are in', 201);
    this.#client.useToken(text(session.body, 'token'));
  }

  async audits(applicationId: string, persona: Persona): Promise<void> {
    const narrator = this.#narrator;
    const events = await this.#client.request('/v1/audit/events?action=application.disclosed&limit=100');
    narrator.expect(events, 'the disclosures are listed', 200);
    const ofThis = list(events.body, 'items').filter(
      (event) => member(event, 'resource', 'id') === applicationId,
    );
    const allowed = ofThis.filter((event) => member(event, 'outcome') === 'allowed');
    const refused = ofThis.filter((event) => member(event, 'outcome') === 'refused');
    const missed = refused.filter((event) => member(event, 'reason') === 'not_found');
    narrator.check(
      'two reads of this application, one refusal and two attempts by those it does not exist for are on record',
      allowed.length === 2 && refused.length === 3 && missed.length === 2,
    );
    const everything = JSON.stringify(events.body);
    const personal = [
      persona.email,
      persona.familyName,
      persona.givenName,
      persona.motivation,
      persona.telephone,
    ];
    narrator.check(
      'no name, address or text is in them',
      !personal.some((value) => everything.includes(value)),
    );

    const id = String(member(allowed[0], 'id'));
    const proof = await this.#client.request(`/v1/audit/events/${id}/proof`);
    narrator.expect(proof, 'an entry comes with its proof against a signed checkpoint', 200);
    const checkpoint = await this.#client.request('/v1/ledger/checkpoint');
    narrator.expect(checkpoint, 'the latest checkpoint is public', 200);
    narrator.expect(
      await this.#client.request('/v1/me/profile'),
      'an auditor has no way to a profile',
      403,
      'forbidden_role',
    );
  }
}
