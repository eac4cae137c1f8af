import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../../../tools/free-port.ts';
import { type AgencyActor, createAgency } from '../../support/actors.js';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { type ReceivedEvent, WebhookReceiver } from '../../support/webhook-receiver.js';
import { delivery, newApplication, register, tell } from './fixture.js';

const ROOT = join(import.meta.dirname, '../../..');

/** The program in docs/webhooks.md, as it stands there, behind something that ends TLS. */
describe('the documented receiver', () => {
  let terminator: WebhookReceiver;
  let sceau: Sceau;
  let agency: AgencyActor;
  let program: ChildProcess;
  const lines: string[] = [];

  beforeAll(async () => {
    terminator = await WebhookReceiver.start();
    const webhooks = { authorities: terminator.authorities };
    sceau = await startSceau({ adjust: (settings) => ({ ...settings, webhooks }) });
    agency = await createAgency(sceau);
  }, 60_000);

  afterAll(async () => {
    const ended = once(program, 'exit');
    program.kill();
    await ended;
    await sceau.stop();
    await terminator.stop();
  });

  async function start(secret: string): Promise<string> {
    const page = await readFile(join(ROOT, 'docs/webhooks.md'), 'utf8');
    const [, code = ''] = /```js\n(.*?)```/s.exec(page) ?? [];
    const port = await freePort();
    program = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      cwd: ROOT,
      env: { WEBHOOK_SECRET: secret, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (program.stdout === null) throw new Error('The program has no output.');
    createInterface(program.stdout).on('line', (line) => lines.push(line));
    return `http://127.0.0.1:${port}/`;
  }

  const forward = async (url: string, { headers, body }: ReceivedEvent, sent = body): Promise<number> => {
    const names = ['content-type', 'webhook-id', 'webhook-timestamp', 'webhook-signature'];
    const kept = Object.fromEntries(names.map((name) => [name, headers[name] ?? '']));
    return (await fetch(url, { method: 'POST', headers: kept, body: sent })).status;
  };

  it('takes an event once, and nothing that was not signed', async () => {
    const endpoint = await register(agency, terminator.url('/sceau'));
    const url = await start(endpoint.secret);
    terminator.reaction = (event, response) => {
      // It may not have started yet: then the attempt fails and is made again.
      const answer = forward(url, event).catch(() => 503);
      void answer.then((status) => response.writeHead(status).end());
      return undefined;
    };
    await eventually('the program to listen', () => fetch(url).catch(() => undefined));
    const application = newApplication();
    await tell(sceau, agency.agencyId, { application, revision: 3 });
    await delivery(agency, endpoint, 'the delivery', ({ status }) => status === 'delivered');
    await agency.client.request(`${endpoint.path}/test`, { method: 'POST' });
    await delivery(agency, endpoint, 'the test', ({ type, status }) => {
      return type === 'webhook.test' && status === 'delivered';
    });
    const [event] = terminator.received;
    if (event === undefined) throw new Error('Nothing came in.');
    expect(await forward(url, event)).toBe(204);
    expect(await forward(url, event, event.body.replace('submitted', 'withdrawn'))).toBe(401);
    expect(await forward(url, { ...event, headers: { ...event.headers, 'webhook-timestamp': '1' } })).toBe(
      401,
    );
    expect(lines).toEqual([`application.submitted ${application}`, 'webhook.test a test']);
  });
});
