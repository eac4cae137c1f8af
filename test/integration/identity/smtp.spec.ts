import { createServer, type Server, type Socket } from 'node:net';
import { MailRefused } from '../../../src/platform/mail/mail-rules.js';
import { Mailer } from '../../../src/platform/mail/mailer.js';
import { type MailSettings, Settings } from '../../../src/platform/config/settings.js';
import { Logger } from '../../../src/platform/logging/logger.js';
import { parseMail } from '../../../tools/client/mail.ts';
import { MovableClock } from '../../support/clock.js';
import { testSettings } from '../../support/settings.js';
import { TestSmtpServer } from '../../support/smtp-server.js';

const MESSAGE = { to: 'camille.martin@example.fr', subject: 'Éléments reçus', text: 'Bonjour,\n\nVoilà.\n' };
const NO_DATABASE = { appUrl: '', auditorUrl: '', sequencerUrl: '' };

/** The mailer against real SMTP servers: good ones, old ones, broken ones. */
describe('mail by SMTP', () => {
  const servers: TestSmtpServer[] = [];
  const mailers: Mailer[] = [];

  afterEach(async () => {
    for (const mailer of mailers.splice(0)) mailer.onApplicationShutdown();
    for (const server of servers.splice(0)) await server.stop();
  });

  async function serve(options: Parameters<typeof TestSmtpServer.start>[0] = {}): Promise<TestSmtpServer> {
    const server = await TestSmtpServer.start(options);
    servers.push(server);
    return server;
  }

  function mailerFor(mail: MailSettings): Mailer {
    const settings = new Settings({ ...testSettings(NO_DATABASE, '/nowhere', 0), mail });
    const mailer = new Mailer(settings, new MovableClock(), new Logger(settings));
    mailers.push(mailer);
    return mailer;
  }

  it('arrives over STARTTLS as it was written, from and to whom it should be', async () => {
    const server = await serve();
    await mailerFor(server.settings()).send(MESSAGE);
    expect(server.received).toHaveLength(1);
    const [mail] = server.received;
    expect(mail).toMatchObject({ from: 'ne-pas-repondre@sceau.localhost', to: [MESSAGE.to], secure: true });
    expect(parseMail(mail?.source ?? '')).toMatchObject({
      subject: MESSAGE.subject,
      text: expect.stringContaining('Voilà.'),
    });
  });

  it('arrives over TLS from the first byte', async () => {
    const server = await serve({ secure: true });
    await mailerFor(server.settings({ url: `smtps://localhost:${server.port}` })).send(MESSAGE);
    expect(server.received.map(({ secure }) => secure)).toEqual([true]);
  });

  it('signs in where the URL has a name and password', async () => {
    const seen: unknown[] = [];
    const server = await serve({
      authOptional: false,
      onAuth: ({ username, password }, _, done) => {
        seen.push([username, password]);
        done(null, { user: username });
      },
    });
    const url = `smtp://facteur:s%40cret@localhost:${server.port}`;
    await mailerFor(server.settings({ url })).send(MESSAGE);
    expect(seen).toEqual([['facteur', 's@cret']]);
  });

  it.each([
    ['offers no encryption', { hideSTARTTLS: true, disabledCommands: ['STARTTLS'] }],
    ['breaks encryption off', { disabledCommands: ['STARTTLS'] }],
  ])('is not sent to a server that %s', async (_, options) => {
    const server = await serve(options);
    await expect(mailerFor(server.settings()).send(MESSAGE)).rejects.toMatchObject({
      code: expect.stringMatching(/^E[A-Z]+$/),
    });
    expect(server.received).toEqual([]);
  });

  it('is sent in clear only where that was asked for', async () => {
    const server = await serve({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    await mailerFor(server.settings({ requireTls: false })).send(MESSAGE);
    expect(server.received.map(({ secure }) => secure)).toEqual([false]);
  });

  it('is not sent to a server whose certificate nobody vouches for', async () => {
    const server = await serve();
    await expect(mailerFor(server.settings({ authorities: undefined })).send(MESSAGE)).rejects.toMatchObject({
      code: expect.stringMatching(/^E[A-Z]+$/),
    });
    expect(server.received).toEqual([]);
  });

  it.each([450, 451, 452])('is worth another try after %i', async (code) => {
    const server = await serve();
    server.answers.push(code);
    const mailer = mailerFor(server.settings());
    const refusal = await mailer.send(MESSAGE).catch((error: unknown) => error);
    expect(refusal).not.toBeInstanceOf(MailRefused);
    await mailer.send(MESSAGE);
    expect(server.received).toHaveLength(1);
  });

  it('is given up after 550, and says nothing of the recipient', async () => {
    const server = await serve();
    server.answers.push(550);
    const refusal = await mailerFor(server.settings()).send(MESSAGE).catch(String);
    expect(refusal).toBe('MailRefused: The mail is refused for its recipient.');
  });

  it('fails when nobody listens, and when whoever listens hangs up', async () => {
    const server = await serve();
    const rude: Server = createServer((socket: Socket) => socket.destroy());
    await new Promise<void>((resolve) => rude.listen(0, 'localhost', resolve));
    const address = rude.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const mailer = mailerFor(server.settings({ url: `smtp://localhost:${port}` }));
    await expect(mailer.send(MESSAGE)).rejects.toMatchObject({ code: expect.stringMatching(/^E[A-Z]+$/) });
    await new Promise((resolve) => rude.close(resolve));
    await expect(mailer.send(MESSAGE)).rejects.toMatchObject({ code: expect.stringMatching(/^E[A-Z]+$/) });
  });

  it.each([
    ['a second recipient', { to: 'a@example.fr, b@example.fr' }],
    ['a name around the address', { to: 'Moi <a@example.fr>' }],
    ['a quoted local part', { to: '"a b"@example.fr' }],
    ['a header behind the address', { to: 'a@example.fr\r\nBcc: b@example.fr' }],
    ['a command behind the address', { to: 'a@example.fr>\r\nRCPT TO:<b@example.fr' }],
    ['no address', { to: '' }],
    ['a header behind the subject', { subject: 'Bonjour\r\nBcc: b@example.fr' }],
    ['a body behind the subject', { subject: 'Bonjour\n\nCliquez ici' }],
    ['a bare return in the subject', { subject: 'Bonjour\rBcc: b@example.fr' }],
    ['a zero byte in the subject', { subject: 'Bonjour\u0000' }],
    ['a line separator in the subject', { subject: 'Bonjour\u0085Bcc: b@example.fr' }],
    ['half a character in the subject', { subject: 'Bonjour\uD800' }],
  ])('refuses %s', async (_, change) => {
    const server = await serve();
    await expect(mailerFor(server.settings()).send({ ...MESSAGE, ...change })).rejects.toThrow(MailRefused);
    expect(server.received).toEqual([]);
  });

  it('has only the headers that are meant, whatever the text says', async () => {
    const server = await serve();
    const text = 'Bonjour\r\nBcc: b@example.fr\r\n.\r\nMAIL FROM:<x@example.fr>\r\n';
    await mailerFor(server.settings()).send({ ...MESSAGE, text });
    expect(server.received).toHaveLength(1);
    const [head = ''] = (server.received[0]?.source ?? '').split('\r\n\r\n');
    const names = [...head.matchAll(/^([\w-]+):/gm)].map(([, name]) => name?.toLowerCase());
    expect(new Set(names)).toEqual(
      new Set([
        'content-transfer-encoding',
        'content-type',
        'date',
        'from',
        'message-id',
        'mime-version',
        'subject',
        'to',
      ]),
    );
    expect(names).toHaveLength(8);
  });
});
