import { Clamd } from '../../../src/platform/scanning/clamd.js';
import { EICAR, ProtocolScanner, startClamd, type TestScanner } from '../../support/documents/scanner.js';
import { pdf } from '../../support/documents/files.js';

const MIB = 1_024 * 1_024;

async function verdictOn({ settings }: TestScanner, content: Buffer): Promise<string> {
  const scan = await new Clamd(settings).begin();
  for (let at = 0; at < content.length; at += 65_536) await scan.write(content.subarray(at, at + 65_536));
  return scan.end();
}

const unavailable = { code: 'scanner_unavailable' };

/** By the protocol everywhere, and by clamd itself where it is; where it is not, the run counts what it has skipped. */
const clamd = await startClamd();
const protocol = new ProtocolScanner();
const MISSING = 'clamd itself, which is not on this machine (Debian: clamav-daemon)';

beforeAll(() => protocol.start());

afterAll(async () => {
  await protocol.stop();
  await clamd?.stop();
});

function findsMalware(scanner: TestScanner): void {
  it('is found in what it is all of, and in the middle of a document', async () => {
    expect(await verdictOn(scanner, EICAR)).toBe('infected');
    expect(await verdictOn(scanner, Buffer.concat([pdf('x', 3 * MIB), EICAR, Buffer.alloc(100)]))).toBe(
      'infected',
    );
  });

  it('is not found where there is none', async () => {
    expect(await verdictOn(scanner, pdf('CV', 10 * MIB))).toBe('clean');
    expect(await verdictOn(scanner, Buffer.alloc(0))).toBe('clean');
  });
}

describe(`malware, looked for by ${protocol.name}`, () => {
  findsMalware(protocol);
});

(clamd === undefined ? describe.skip : describe)(`malware, looked for by ${clamd?.name ?? MISSING}`, () => {
  findsMalware(clamd ?? protocol);
});

describe('a scanner that gives no verdict', () => {
  it.each([
    ['that the file is too long', 'INSTREAM size limit exceeded. ERROR\0'],
    ['another error', 'stream: Can’t allocate memory ERROR\0'],
    ['nothing of the kind', 'PONG\0'],
    ['an answer about something else', 'stream: OK and FOUND\0'],
    ['half an answer', 'stream: O'],
    ['an endless answer', 'x'.repeat(100_000)],
  ])('passes nothing: it says %s', async (_, answer) => {
    protocol.reaction = () => answer;
    await expect(verdictOn(protocol, pdf('x'))).rejects.toMatchObject(unavailable);
  });

  it('passes nothing: it hangs up', async () => {
    protocol.reaction = () => undefined;
    await expect(verdictOn(protocol, pdf('x'))).rejects.toMatchObject(unavailable);
  });

  it('passes nothing: nobody is there', async () => {
    await expect(new Clamd({ path: '/nowhere/clamd.sock' }).begin()).rejects.toMatchObject(unavailable);
    await expect(new Clamd({ host: '127.0.0.1', port: 1 }).begin()).rejects.toMatchObject(unavailable);
  });

  it('is left alone by a scan that was given up', async () => {
    const scan = await new Clamd(protocol.settings).begin();
    await scan.write(Buffer.alloc(10));
    scan.abandon();
    await expect(scan.end()).rejects.toMatchObject(unavailable);
  });
});
