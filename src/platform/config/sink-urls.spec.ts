import { readSinks } from './sink-urls.js';

const KEY = 'witness.example/w1+0123abcd+BAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g';

describe('readSinks', () => {
  it('reads every kind', () => {
    const text = `file:///mnt/notes
      s3://bucket.example/ledger/prod/?region=eu-west-3&endpoint=https://s3.example.org&retainDays=400
      syslog://logs.example:1514 syslogs://[2001:db8::1]?ca=/etc/ca.pem https://witness.example/prefix/#${KEY}
      rfc3161+https://tsa.example:8443/tsr?ca=/etc/tsa.pem`;
    expect(readSinks(text, false)).toEqual([
      { kind: 'folder', name: 'file:///mnt/notes', path: '/mnt/notes' },
      {
        kind: 'objects',
        name: 's3://bucket.example/ledger/prod/',
        bucket: 'bucket.example',
        prefix: 'ledger/prod/',
        region: 'eu-west-3',
        endpoint: 'https://s3.example.org',
        retainDays: 400,
      },
      {
        kind: 'syslog',
        name: 'syslog://logs.example:1514',
        host: 'logs.example',
        port: 1514,
        tls: false,
        authorities: undefined,
      },
      {
        kind: 'syslog',
        name: 'syslogs://[2001:db8::1]',
        host: '2001:db8::1',
        port: 6514,
        tls: true,
        authorities: '/etc/ca.pem',
      },
      {
        kind: 'witness',
        name: 'https://witness.example/prefix',
        url: 'https://witness.example/prefix',
        verifier: KEY,
      },
      {
        kind: 'timeStamps',
        name: 'rfc3161+https://tsa.example:8443/tsr',
        url: 'https://tsa.example:8443/tsr',
        authorities: '/etc/tsa.pem',
      },
    ]);
    expect(readSinks('', false)).toEqual([]);
    expect(readSinks('s3://bucket', false)).toMatchObject([
      { prefix: '', region: 'us-east-1', retainDays: 1_095 },
    ]);
  });

  it.each([
    'nonsense',
    'ftp://host/folder',
    'file://host/folder',
    'file:///',
    'file:///notes?x=1',
    's3://B/prefix',
    's3://bucket?retainDays=0',
    's3://bucket?retainDays=ten',
    's3://bucket?retainDays=100000',
    's3://bucket?endpoint=ftp://host',
    's3://bucket?acl=public',
    's3://bucket?region=a&region=b',
    's3://key:secret@bucket',
    'syslog://host/path',
    'syslog://host?ca=/etc/ca.pem',
    'https://witness.example',
    'https://witness.example#not-a-key',
    `https://witness.example?x=1#${KEY}`,
    `https://user:secret@witness.example#${KEY}`,
    'file:///notes file:///notes',
    'rfc3161+https://tsa.example/tsr',
    'rfc3161+https://tsa.example/tsr?ca=',
    'rfc3161+https://tsa.example/tsr?ca=/etc/tsa.pem&x=1',
    'rfc3161+https://user:secret@tsa.example/tsr?ca=/etc/tsa.pem',
    'rfc3161+ftp://tsa.example/tsr?ca=/etc/tsa.pem',
    'rfc3161+https:///tsr?ca=/etc/tsa.pem',
    `file:///${'a'.repeat(130)}`,
  ])('refuses %s', (text) => {
    expect(readSinks(text, true)).toBeUndefined();
  });

  it('lets hashes travel in clear to whoever stamps them', () => {
    expect(readSinks('rfc3161+http://tsa.example/tsr?ca=/etc/tsa.pem', false)).toMatchObject([
      { url: 'http://tsa.example/tsr' },
    ]);
  });

  it('lets nothing go over the network in clear but syslog and hashes to be stamped, unless that is allowed', () => {
    for (const text of [`http://witness.example#${KEY}`, 's3://bucket?endpoint=http://127.0.0.1:9000']) {
      expect(readSinks(text, false)).toBeUndefined();
      expect(readSinks(text, true)).toHaveLength(1);
    }
  });
});
