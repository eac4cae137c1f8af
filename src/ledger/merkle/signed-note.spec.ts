import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import {
  checkpointText,
  openNote,
  parseCheckpoint,
  rawPublicKey,
  signNote,
  verifierKey,
} from './signed-note.js';

/** The example of Go's note package, on which c2sp.org/signed-note is modelled. */
const VERIFIER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const NOTE = `${TEXT}\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

describe('signed notes', () => {
  it('opens the published example', () => {
    expect(openNote(NOTE, VERIFIER)).toBe(TEXT);
  });

  it.each([
    ['another text', NOTE.replace('answer', 'question')],
    ['another signature', NOTE.replace('x08go/Z', 'x08go/Y')],
    ['another signer', NOTE.replace('\u2014 Peter', '\u2014 Pieter')],
    ['no signature', `${TEXT}\n`],
    ['nothing', ''],
  ])('does not open %s', (_, note) => {
    expect(openNote(note, VERIFIER)).toBeUndefined();
  });

  it('knows the published key again', () => {
    const raw = Buffer.from(VERIFIER.split('+').slice(2).join('+'), 'base64').subarray(1);
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
      format: 'jwk',
    });
    expect(rawPublicKey(key)).toEqual(raw);
    expect(verifierKey('PeterNeumann', key)).toBe(VERIFIER);
  });

  it('opens what it has signed, among other signatures', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const checkpoint = { origin: 'sceau.localhost/audit/1', size: 42, root: Buffer.alloc(32, 9) };
    const note = signNote(checkpointText(checkpoint), checkpoint.origin, privateKey, publicKey);
    const witnessed = `${note}\u2014 witness.example/w1 ${Buffer.alloc(68).toString('base64')}\n`;
    const text = openNote(witnessed, verifierKey(checkpoint.origin, publicKey));
    expect(parseCheckpoint(text ?? '')).toEqual(checkpoint);
  });

  it('names in a checkpoint the one that was kept before it', () => {
    const named = { origin: 'sceau.localhost/audit/1', size: 41 };
    const text = checkpointText({
      origin: 'sceau.localhost/audit/2',
      size: 42,
      root: Buffer.alloc(32),
      previous: named,
    });
    expect(text.split('\n').slice(3)).toEqual(['previous sceau.localhost/audit/1 41', '']);
    expect(parseCheckpoint(text)?.previous).toEqual(named);
    for (const line of ['previous a 041', 'previous a', 'previous a 1 2', 'earlier a 1'])
      expect(parseCheckpoint(text.replace(/previous.*/, line))).toMatchObject({
        size: 42,
        previous: undefined,
      });
  });

  it.each(['', 'a\n', 'a\n01\nAAAA\n', 'a\n-1\n', 'a\n1\nAAAA\n'])('reads no checkpoint from %p', (text) => {
    expect(parseCheckpoint(text)).toBeUndefined();
  });
});
