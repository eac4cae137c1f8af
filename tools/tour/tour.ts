import type { Listener } from '../client/exchange.ts';
import { PersonClient } from '../client/person.ts';
import { TourAgency } from './agency.ts';
import { TourAuditor } from './auditor.ts';
import { type Persona, type ReadMail, TourCandidate } from './candidate.ts';
import type { DemoCredentials } from './demo-credentials.ts';
import { isErased, takesEverythingAlong } from './departure.ts';
import { Narrator } from './narrator.ts';

export interface TourOptions {
  /** Where the server answers. */
  readonly base: string;
  readonly credentials: DemoCredentials;
  /** The text of the newest mail to an address, waited for. */
  readonly readMail: ReadMail;
  readonly write: (line: string) => void;
  /** Leaves the candidate there, for whoever looks at what the tour has left behind. */
  readonly isKept?: boolean;
  /** Sees every exchange. */
  readonly watch?: Listener;
}

export interface TourResult {
  readonly persona: Persona;
  readonly applicationId: string;
  readonly checks: number;
  readonly requests: number;
}

/**
 * Walks the main job as real clients do it: a candidate applies, an agency reads, an auditor sees who read what.
 * @throws TourFailed at the first step that does not do what it says
 */
export async function takeTour({
  base,
  credentials,
  readMail,
  write,
  isKept = false,
  watch,
}: TourOptions): Promise<TourResult> {
  const narrator = new Narrator(write, watch);
  const [agency, other] = credentials.agencies;
  if (agency === undefined || other === undefined) throw new Error('The tour needs two demo agencies.');

  const candidate = new TourCandidate(base, narrator);
  await candidate.signUp(readMail);
  await candidate.signInAgain();
  await candidate.fillProfile();
  const cv = await candidate.uploadCv();
  const application = await candidate.draft(agency.agencyId, cv);

  narrator.chapter(`5. ${agency.name} connects (private_key_jwt, DPoP) and looks for the draft`);
  const recruiter = await TourAgency.connect(base, agency, narrator);
  await recruiter.seesNoDraft(application.id);
  await candidate.submit(application);
  await recruiter.reviews(application.id, candidate.persona);
  await recruiter.invitesToInterview(application.id, candidate.persona);

  const stranger = await TourAgency.connect(base, other, narrator);
  await stranger.cannotSee(application.id);
  const thief = new PersonClient(base, narrator.listen);
  thief.useToken(recruiter.token);
  const stolen = await thief.request(`/v1/agency/applications/${application.id}`, {
    headers: { purpose: 'review' },
  });
  narrator.expect(stolen, 'the stolen access token opens nothing without its key', 401, 'token_refused');

  await candidate.follow(application.id, agency.name);
  const auditor = new TourAuditor(base, credentials.auditor, narrator);
  await auditor.signIn();
  await auditor.audits(application.id, candidate.persona);

  await takesEverythingAlong(candidate.client, narrator);
  const given = { applicationId: application.id, address: candidate.persona.email, readMail };
  if (!isKept) await isErased(candidate.client, recruiter, given, narrator);

  return {
    persona: candidate.persona,
    applicationId: application.id,
    checks: narrator.checks,
    requests: narrator.requests,
  };
}
