import { setTimeout as pause } from 'node:timers/promises';
import type { PersonClient } from '../client/person.ts';
import type { ReadMail } from './candidate.ts';
import type { TourAgency } from './agency.ts';
import { type Narrator, text } from './narrator.ts';

const TRIES = 300;
const PAUSE_MS = 100;

/** The candidate takes along all that is held about them; the tour's sign-in is recent enough for it. */
export async function takesEverythingAlong(client: PersonClient, narrator: Narrator): Promise<void> {
  narrator.chapter('11. The candidate takes everything along that is held about them');
  const { status, headers, content } = await client.download('/v1/me/export');
  narrator.check('an archive comes, with JSON for programs and a page to read', status === 200);
  narrator.say(`${headers.get('content-disposition') ?? ''}, ${content.length} bytes`);
  // The end of central directory record (APPNOTE 4.3.16), without which an archive is not whole.
  narrator.check('and it is whole', content.subarray(-22).readUInt32LE(0) === 0x06_05_4b_50);
}

/** And is erased: from the moment of the answer nobody reads anything of them. */
export async function isErased(
  client: PersonClient,
  recruiter: TourAgency,
  given: { readonly applicationId: string; readonly address: string; readonly readMail: ReadMail },
  narrator: Narrator,
): Promise<void> {
  narrator.chapter('12. And is erased');
  const erased = await client.request('/v1/me', { method: 'DELETE', headers: { 'accept-language': 'en' } });
  narrator.expect(erased, 'their keys are destroyed before the answer', 202);
  narrator.say(`“${text(erased.body, 'message')}”`);
  const profile = await client.request('/v1/me/profile');
  narrator.expect(profile, 'their session is over, and so is the account', 401, 'unauthenticated');
  await recruiter.knowsNobodyIn(given.applicationId);
  narrator.check('a last mail says so', await comes(given, text(erased.body, 'reference')));
}

/** Other mails may still be on their way. */
async function comes(
  { readMail, address }: { readonly readMail: ReadMail; readonly address: string },
  reference: string,
): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    if ((await readMail(address)).includes(reference)) return true;
    await pause(PAUSE_MS);
  }
  return false;
}
