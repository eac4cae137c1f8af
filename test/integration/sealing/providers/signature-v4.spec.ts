import { verifySignature } from '../../../support/key-services/signature-v4.js';

/** The worked example of the AWS General Reference for Signature Version 4, with its published keys. */
const EXAMPLE = {
  method: 'GET',
  url: '/?Action=ListUsers&Version=2010-05-08',
  headers: {
    host: 'iam.amazonaws.com',
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    'x-amz-date': '20150830T123600Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, ' +
      'SignedHeaders=content-type;host;x-amz-date, ' +
      'Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  },
  body: Buffer.alloc(0),
};

const SCOPE = {
  region: 'us-east-1',
  service: 'iam',
  secrets: new Map([['AKIDEXAMPLE', 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY']]),
  now: Date.UTC(2015, 7, 30, 12, 36),
};

describe('the check of signatures that tests rely on', () => {
  it('accepts the published example', () => {
    expect(verifySignature(EXAMPLE, SCOPE)).toEqual({ accessKeyId: 'AKIDEXAMPLE' });
  });

  const headers = (change: Record<string, string>) => ({
    ...EXAMPLE,
    headers: { ...EXAMPLE.headers, ...change },
  });

  it.each([
    ['another body', { ...EXAMPLE, body: Buffer.from('x') }, 'InvalidSignatureException'],
    ['another method', { ...EXAMPLE, method: 'POST' }, 'InvalidSignatureException'],
    ['another query', { ...EXAMPLE, url: '/?Action=DeleteUser' }, 'InvalidSignatureException'],
    ['another host', headers({ host: 'kms.amazonaws.com' }), 'InvalidSignatureException'],
    ['another time', headers({ 'x-amz-date': '20150830T123601Z' }), 'InvalidSignatureException'],
    ['a header of AWS that is not signed', headers({ 'x-amz-target': 'x' }), 'InvalidSignatureException'],
    ['no signature', headers({ authorization: '' }), 'IncompleteSignatureException'],
  ])('refuses %s', (_, request, refused) => {
    expect(verifySignature(request, SCOPE)).toEqual({ refused });
  });

  it.each([
    ['another region', { region: 'eu-west-3' }, 'InvalidSignatureException'],
    ['another service', { service: 'kms' }, 'InvalidSignatureException'],
    ['a time long past', { now: SCOPE.now + 3_600_000 }, 'InvalidSignatureException'],
    ['nobody known', { secrets: new Map() }, 'UnrecognizedClientException'],
    ['another secret', { secrets: new Map([['AKIDEXAMPLE', 'x']]) }, 'InvalidSignatureException'],
  ])('refuses %s', (_, change, refused) => {
    expect(verifySignature(EXAMPLE, { ...SCOPE, ...change })).toEqual({ refused });
  });
});
