import { createServer, type Server, type Socket } from 'node:net';
import { MailRefused } from '../../../src/platform/mail/mail-rules.js';
import { Mailer } from '../../../src/platform/mail/mailer.js';
import { isOfThisMail, smtpReplyOf } from '../../../src/platform/mail/smtp-reply.js';
import { type MailSettings, Settings } from '../../../src/platform/config/settings.js';
import { Logger } from '../../../src/platform/logging/logger.js';
import { parseMail } from '../../../tools/client/mail.ts';
import { MovableClock } from '../../support/clock.js';
import { testSettings } from '../../support/settings.js';
import { refusal, TestSmtpServer } from '../../support/smtp-server.js';

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

  function createMailer(mail: MailSettings): Mailer {
    const settings = new Settings({ ...testSettings(NO_DATABASE, '/nowhere', 0), mail });
    return new Mailer(settings, new MovableClock(), new Logger(settings));
  }

  function mailerFor(mail: MailSettings): Mailer {
    const mailer = createMailer(mail);
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

  it('fails for every mail where the name and password are wrong', async () => {
    const server = await serve({
      authOptional: false,
      onAuth: (_, __, done) => done(refusal('535 5.7.8 Not you.')),
    });
    const url = `smtp://facteur:s%40cret@localhost:${server.port}`;
    const thrown: unknown = await mailerFor(server.settings({ url }))
      .send(MESSAGE)
      .catch((fault: unknown) => fault);
    expect(thrown).toMatchObject({ code: 'EAUTH' });
    expect(isOfThisMail(thrown)).toBe(false);
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

  describe('that is refused', () => {
    type Refused = 'MAIL FROM' | 'RCPT TO' | 'contents';
    let server: TestSmtpServer;
    let mailer: Mailer;
    const answers = new Map<Refused, string>();
    const answerTo = (command: Refused): Error | null => {
      const answer = answers.get(command);
      return answer === undefined ? null : refusal(answer);
    };

    beforeAll(async () => {
      server = await TestSmtpServer.start({
        onMailFrom: (_, __, done) => done(answerTo('MAIL FROM')),
        onRcptTo: (_, __, done) => done(answerTo('RCPT TO')),
        onData: (stream, _, done) => void stream.on('end', () => done(answerTo('contents'))).resume(),
      });
      mailer = createMailer(server.settings());
    });

    afterAll(async () => {
      mailer.onApplicationShutdown();
      await server.stop();
    });

    /** How a mail ends at a server that answers a command so. @returns the error */
    async function answered(command: Refused, answer: string): Promise<unknown> {
      answers.clear();
      answers.set(command, answer);
      return mailer.send(MESSAGE).catch((fault: unknown) => fault);
    }

    // RFC 5321 §4.2.3 has the codes, RFC 3463 §3.2 to §3.8 the statuses.
    it.each([
      ['RCPT TO', '450 4.2.1 Mailbox busy.'],
      ['RCPT TO', '451 4.7.1 Greylisted, try again later.'],
      ['RCPT TO', '452 4.2.2 Mailbox full.'],
      ['RCPT TO', '450 5.1.1 One or the other.'],
      ['RCPT TO', '500 What?'],
      ['RCPT TO', '530 5.7.0 Authentication required'],
      ['RCPT TO', '550 5.7.1 Relaying denied'],
      ['RCPT TO', '550 #5.7.1 Your access to submit messages has been rejected.'],
      ['RCPT TO', '553 Sorry, that domain is not in my list (#5.7.1)'],
      ['RCPT TO', '550 5.1.0 Sender address rejected: User unknown'],
      ['RCPT TO', '550 5.1.7 Sender address rejected'],
      ['RCPT TO', '553 5.1.8 Sender address rejected: Domain not found'],
      ['RCPT TO', '550 5.2.1 Mailbox disabled'],
      ['RCPT TO', '550 5.4.1 Access denied'],
      ['RCPT TO', '552 Mailbox full'],
      ['RCPT TO', '552 5.2.2 Mailbox full'],
      ['RCPT TO', '554 5.7.1 Relay access denied'],
      ['RCPT TO', '554 Service unavailable; client host [192.0.2.7] blocked using zen.example.org'],
      ['RCPT TO', '554 5.7.1 Service unavailable; client host blocked using zen.example.org'],
      ['MAIL FROM', '451 4.3.0 Not now'],
      ['MAIL FROM', '550 5.7.1 Not allowed to send as this address'],
      ['MAIL FROM', '550 Not you'],
      ['MAIL FROM', '550 5.1.1 No such sender'],
      ['MAIL FROM', '553 5.1.8 Domain of sender does not exist'],
      ['contents', '451 4.7.1 Try again'],
      ['contents', '550 5.1.1 Said too late'],
      ['contents', '550 5.7.1 Message refused'],
      ['contents', '554 5.6.0 Message refused'],
    ] as const)('is worth another try when %s is answered by “%s”', async (command, answer) => {
      const thrown = await answered(command, answer);
      expect(thrown).not.toBeInstanceOf(MailRefused);
      const [code = '', status = ''] = answer.match(/^\d{3}|\d\.\d\.\d(?=[ )]|$)/g) ?? [];
      // All mails have one sender.
      expect(isOfThisMail(thrown)).toBe(command !== 'MAIL FROM');
      expect(smtpReplyOf(thrown)).toEqual({
        command: command === 'contents' ? 'DATA' : command,
        code: Number(code),
        ...(status === '' ? {} : { status }),
      });
    });

    it.each([
      '550 Not here.',
      '550 [192.0.2.7] knows no 5.7.1.9',
      '551 User not local.',
      '553 Mailbox name not allowed.',
      '550 5.1.1 User unknown',
      '550 #5.1.1 User unknown',
      '554 5.1.1 User unknown',
      '550 5.1.2 Domain not found',
      '501 5.1.3 Bad recipient address syntax',
      '553 5.1.4 Ambiguous',
      '551 5.1.6 Moved',
      '556 5.1.10 Recipient address has null MX',
    ])('is given up when RCPT TO is answered by “%s”, and says nothing of the recipient', async (answer) => {
      expect(String(await answered('RCPT TO', answer))).toBe(
        'MailRefused: The mail is refused for its recipient.',
      );
    });
  });

  it('is sent by another try', async () => {
    const server = await serve();
    server.answers.push('554 5.7.1 Relay access denied');
    const mailer = mailerFor(server.settings());
    await expect(mailer.send(MESSAGE)).rejects.toMatchObject({ responseCode: 554 });
    await mailer.send(MESSAGE);
    expect(server.received).toHaveLength(1);
  });

  it.each([true, false])(
    'fails for every mail when a server closes (without pipelining: %s)',
    async (alone) => {
      const server = await serve({ hidePIPELINING: alone });
      server.answers.push('421 4.3.2 Closing.');
      const thrown: unknown = await mailerFor(server.settings())
        .send(MESSAGE)
        .catch((fault: unknown) => fault);
      expect(thrown).toMatchObject({ responseCode: 421 });
      expect(isOfThisMail(thrown)).toBe(false);
    },
  );

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
