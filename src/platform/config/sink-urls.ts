/** A place outside PostgreSQL, and outside this machine, that keeps the ledger's checkpoints. */
export type SinkSettings = FolderSink | ObjectStoreSink | SyslogSink | TimeStampSink | WitnessSink;

interface Named {
  /** By which it is known in the ledger: its address, without anything secret. */
  readonly name: string;
}

/** A folder that is only added to, on another host or on a medium that cannot be rewritten. */
export interface FolderSink extends Named {
  readonly kind: 'folder';
  readonly path: string;
}

/** A part of a bucket, of S3 or of something that speaks its protocol. */
export interface ObjectStorePlace {
  readonly kind: 'objects';
  readonly bucket: string;
  /** Empty, or ends in a slash. */
  readonly prefix: string;
  readonly region: string;
  /** `undefined`: that of AWS for the region. */
  readonly endpoint: string | undefined;
}

/** A bucket with object lock. */
export interface ObjectStoreSink extends Named, ObjectStorePlace {
  /** For how long nobody, the account's owner included, may delete an object. */
  readonly retainDays: number;
}

/** A syslog collector (RFC 5424 over TCP, RFC 6587 §3.4.1; RFC 5425 with TLS). */
export interface SyslogSink extends Named {
  readonly kind: 'syslog';
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** File of the authorities that its certificate may be from; `undefined`: those that Node trusts. */
  readonly authorities: string | undefined;
}

/** A witness that checks consistency itself and cosigns (c2sp.org/tlog-witness). */
export interface WitnessSink extends Named {
  readonly kind: 'witness';
  /** The submission prefix, without a trailing slash. */
  readonly url: string;
  /** Its verifier key, `NAME+ID+KEY`. */
  readonly verifier: string;
}

/** An authority that puts a signed time to a hash (RFC 3161). */
export interface TimeStampSink extends Named {
  readonly kind: 'timeStamps';
  readonly url: string;
  /** File of the authorities that its certificate must be from. */
  readonly authorities: string;
}

export const OBJECT_STORE_EXPECTATION = 's3://BUCKET[/PREFIX][?region=R&endpoint=URL]';

export const SINK_EXPECTATION =
  'URLs separated by spaces, each of: file:///FOLDER, s3://BUCKET[/PREFIX][?region=R&endpoint=URL&retainDays=N], ' +
  'syslog://HOST[:PORT], syslogs://HOST[:PORT][?ca=FILE], https://WITNESS[/PREFIX]#VERIFIER-KEY, ' +
  'rfc3161+https://HOST/PATH?ca=FILE';

const SYSLOG_PORT = 514;
const SYSLOG_TLS_PORT = 6514;
const RETAIN_DAYS = 3 * 365;
const MOST_RETAIN_DAYS = 100 * 365;
/** What an entry of the ledger can have as its resource. */
const NAME = /^[\x21-\x7e]{1,128}$/;
const VERIFIER = /^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{40,}={0,2}$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** @returns `undefined` when one of them is not a sink, or two are the same */
export function readSinks(text: string, isInsecureAllowed: boolean): readonly SinkSettings[] | undefined {
  const sinks: SinkSettings[] = [];
  for (const part of text.split(/\s+/).filter(Boolean)) {
    const sink = URL.canParse(part) ? readSink(new URL(part), isInsecureAllowed) : undefined;
    if (sink === undefined || !NAME.test(sink.name) || sinks.some(({ name }) => name === sink.name))
      return undefined;
    sinks.push(sink);
  }
  return sinks;
}

function readSink(url: URL, isInsecureAllowed: boolean): SinkSettings | undefined {
  if (url.username !== '' || url.password !== '') return undefined;
  switch (url.protocol) {
    case 'file:':
      return readFolder(url);
    case 's3:':
      return readLockedStore(url, isInsecureAllowed);
    case 'syslog:':
    case 'syslogs:':
      return readSyslog(url);
    case 'http:':
      return isInsecureAllowed ? readWitness(url) : undefined;
    case 'https:':
      return readWitness(url);
    case 'rfc3161+http:':
    case 'rfc3161+https:':
      return readTimeStamps(url);
    default:
      return undefined;
  }
}

/** The parameters, when there are no others than these and none twice. */
function parametersOf(url: URL, known: readonly string[]): ReadonlyMap<string, string> | undefined {
  const entries = [...url.searchParams];
  const names = new Set(entries.map(([name]) => name));
  const isKnown = entries.every(([name, value]) => known.includes(name) && value !== '');
  return isKnown && names.size === entries.length ? new Map(entries) : undefined;
}

const plain = ({ protocol, host, pathname }: URL): string => `${protocol}//${host}${pathname}`;

function readFolder(url: URL): FolderSink | undefined {
  const path = decodeURIComponent(url.pathname);
  if (url.host !== '' || url.search !== '' || url.hash !== '' || path === '/') return undefined;
  return { kind: 'folder', name: plain(url), path };
}

function readLockedStore(url: URL, isInsecureAllowed: boolean): ObjectStoreSink | undefined {
  const days = url.searchParams.get('retainDays') ?? String(RETAIN_DAYS);
  const isRetention = /^[1-9]\d{0,4}$/.test(days) && Number(days) <= MOST_RETAIN_DAYS;
  const place = readObjectStore(url, isInsecureAllowed, ['retainDays']);
  if (place === undefined || !isRetention) return undefined;
  return { ...place, name: plain(url), retainDays: Number(days) };
}

/** @param others parameters that somebody else reads */
export function readObjectStore(
  url: URL,
  isInsecureAllowed: boolean,
  others: readonly string[] = [],
): ObjectStorePlace | undefined {
  const parameters = parametersOf(url, ['region', 'endpoint', ...others]);
  const path = decodeURIComponent(url.pathname).replaceAll(/^\/+|\/+$/g, '');
  const endpoint = parameters?.get('endpoint');
  const schemes = isInsecureAllowed ? ['https:', 'http:'] : ['https:'];
  const isEndpoint =
    endpoint === undefined || (URL.canParse(endpoint) && schemes.includes(new URL(endpoint).protocol));
  if (parameters === undefined || !isEndpoint || url.hash !== '') return undefined;
  if (!BUCKET.test(url.host)) return undefined;
  return {
    kind: 'objects',
    bucket: url.host,
    prefix: path === '' ? '' : `${path}/`,
    region: parameters.get('region') ?? 'us-east-1',
    endpoint,
  };
}

function readSyslog(url: URL): SyslogSink | undefined {
  const tls = url.protocol === 'syslogs:';
  const parameters = parametersOf(url, tls ? ['ca'] : []);
  if (parameters === undefined || url.hostname === '' || url.hash !== '') return undefined;
  if (url.pathname !== '' && url.pathname !== '/') return undefined;
  const port = url.port === '' ? (tls ? SYSLOG_TLS_PORT : SYSLOG_PORT) : Number(url.port);
  const host = url.hostname.replaceAll(/^\[|\]$/g, '');
  return { kind: 'syslog', name: plain(url), host, port, tls, authorities: parameters.get('ca') };
}

function readWitness(url: URL): WitnessSink | undefined {
  const verifier = url.hash.slice(1);
  if (url.search !== '' || !VERIFIER.test(verifier)) return undefined;
  const prefix = plain(url).replace(/\/+$/, '');
  return { kind: 'witness', name: prefix, url: prefix, verifier };
}

/** What goes there is a hash, and what comes back is signed: it may travel in clear. */
function readTimeStamps(url: URL): TimeStampSink | undefined {
  const authorities = parametersOf(url, ['ca'])?.get('ca');
  if (authorities === undefined || url.hostname === '' || url.hash !== '') return undefined;
  const name = plain(url);
  return { kind: 'timeStamps', name, url: name.slice('rfc3161+'.length), authorities };
}
