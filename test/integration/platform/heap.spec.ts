import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createDemo, type DemoCredentials } from '../../../src/cli/demo/load-demo.js';
import { TourCandidate } from '../../../tools/tour/candidate.ts';
import { takesEverythingAlong } from '../../../tools/tour/departure.ts';
import { Narrator } from '../../../tools/tour/narrator.ts';
import { takeTour } from '../../../tools/tour/tour.ts';
import { HeapSnapshot, SNAPSHOT_OPTIONS, takeHeapSnapshot } from '../../support/heap-snapshot.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { Wiretap } from '../../support/wiretap.js';
import { freePort } from '../../../tools/free-port.ts';

const PROCESS = join(import.meta.dirname, '../../support/api-process.mjs');

/** Besides the tour's own. */
const OTHERS = 2;

const SECRETS = ['secret', 'uri', 'token', 'ticket', 'access_token', 'recoveryCodes'];
/** Good for once, and of no use to a thief; that a request is kept in memory shows by them. */
const PROOFS = new Set(['client_assertion', 'dpop']);

/** What the garbage collector leaves in a process of the API that people and agencies have just used. */
describe('the heap of an API process after its requests', () => {
  let sceau: Sceau;
  let child: ChildProcess;
  let url: string;
  let personal: readonly string[];
  let secret: readonly string[];
  let snapshot: HeapSnapshot;

  beforeAll(async () => {
    sceau = await startSceau();
    const demo = await createDemo(sceau.app, () => undefined);
    if (demo === undefined) throw new Error('The demo goes into an empty database.');
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const settings = { ...sceau.settings, publicUrl: url, http: { ...sceau.settings.http, port } };
    child = fork(PROCESS, [JSON.stringify({ ...settings, logLevel: 'info' })], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [...SNAPSHOT_OPTIONS, `--diagnostic-dir=${sceau.home}`],
    });
    await once(child, 'message');
    const wiretap = new Wiretap();
    const marks = await useEverything(demo).finally(() => wiretap.stop());
    const entered = wiretap.entered.map(({ text }) => text);
    personal = [...marks, ...entered.filter((text) => marks.some((mark) => text.includes(mark)))];
    const proofs = wiretap.entered.filter(({ name }) => PROOFS.has(name));
    secret = [...wiretap.given(...SECRETS), ...proofs].map(({ text }) => text);
    const file = await takeHeapSnapshot(child.pid ?? 0, sceau.home);
    if (file === undefined) throw new Error('No heap snapshot came.');
    snapshot = await HeapSnapshot.read(file);
  });

  afterAll(async () => {
    const gone = once(child, 'exit');
    child.disconnect();
    await gone;
    await sceau.stop();
  });

  /** @returns for each of the candidates what no other text has, and most that is theirs has */
  async function useEverything(credentials: DemoCredentials): Promise<readonly string[]> {
    const readMail = async (address: string): Promise<string> => (await sceau.mailTo(address)).text;
    const silent = (): void => undefined;
    const { persona } = await takeTour({ base: url, credentials, isKept: true, readMail, write: silent });
    const marks = [persona.mark, persona.telephone];
    const [agency] = credentials.agencies;
    for (let number = 0; number < OTHERS; number += 1) {
      const narrator = new Narrator(silent);
      const candidate = new TourCandidate(url, narrator);
      await candidate.signUp(readMail);
      await candidate.signInAgain();
      await candidate.fillProfile();
      const application = await candidate.draft(agency?.agencyId ?? '', await candidate.uploadCv());
      await candidate.submit(application);
      await takesEverythingAlong(candidate.client, narrator);
      marks.push(candidate.persona.mark, candidate.persona.telephone);
    }
    return marks;
  }

  /** Each text that has one of these in it, and by what it is held. */
  function held(wanted: readonly string[]): readonly string[] {
    const found: string[] = [];
    for (const { node, text } of snapshot.texts()) {
      const what = wanted.find((one) => text.includes(one));
      if (what !== undefined)
        found.push(`${what} in ${text.slice(0, 80)}:\n${snapshot.heldBy(node).join('\n')}`);
    }
    return found;
  }

  it('has no text that is about a person', () => {
    expect(personal.length).toBeGreaterThan(100);
    expect(held(personal)).toEqual([]);
  });

  it('has no secret of theirs, nor what an agency has signed in with', () => {
    expect(secret.length).toBeGreaterThan(40);
    expect(held(secret)).toEqual([]);
  });

  it('would have shown them: what the process lives on is there, and by what it is held', () => {
    const address = snapshot.texts().find(({ text }) => text === url);
    expect(snapshot.heldBy(address?.node ?? 0).join('\n')).toMatch(/^synthetic[^]*object/);
  });
});
