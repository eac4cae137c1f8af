import { resolve } from 'node:path';
import type { VariableReader } from './key-provider-environment.js';
import type { DocumentSettings, DocumentStoreSettings, ScannerSettings } from './settings.js';
import { OBJECT_STORE_EXPECTATION, readObjectStore } from './sink-urls.js';

const CLAMD_PORT = 3310;

/** Where documents are kept and who looks for malware in them. */
export function readDocuments(
  { text, expect }: Pick<VariableReader, 'text' | 'expect'>,
  home: string,
  isInsecureAllowed: boolean,
): DocumentSettings {
  const store = readStore(text('DOCUMENT_STORE'), home, isInsecureAllowed);
  expect('DOCUMENT_STORE', store !== undefined, `file:///FOLDER or ${OBJECT_STORE_EXPECTATION}`);
  const [id, secret] = [text('DOCUMENT_S3_ACCESS_KEY_ID'), text('DOCUMENT_S3_SECRET_ACCESS_KEY')];
  expect(
    'DOCUMENT_S3_SECRET_ACCESS_KEY',
    (id === '') === (secret === ''),
    'set if and only if the key’s id is',
  );
  const scanner = readScanner(text('MALWARE_SCANNER'));
  expect('MALWARE_SCANNER', scanner !== 'malformed', 'clamd://HOST[:PORT] or clamd+unix:///SOCKET');
  return {
    store: store ?? { kind: 'folder', path: resolve(home, 'documents') },
    objectStoreKey: id === '' ? undefined : { id, secret },
    scanner: scanner === 'malformed' ? undefined : scanner,
  };
}

function readStore(
  text: string,
  home: string,
  isInsecureAllowed: boolean,
): DocumentStoreSettings | undefined {
  if (text === '') return { kind: 'folder', path: resolve(home, 'documents') };
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return undefined;
  if (url.protocol === 's3:') return readObjectStore(url, isInsecureAllowed);
  if (url.protocol !== 'file:' || url.host !== '' || url.search !== '' || url.pathname === '/')
    return undefined;
  return { kind: 'folder', path: decodeURIComponent(url.pathname) };
}

function readScanner(text: string): ScannerSettings | undefined | 'malformed' {
  if (text === '') return undefined;
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return 'malformed';
  const path = decodeURIComponent(url.pathname);
  if (url.protocol === 'clamd:' && url.hostname !== '' && (path === '' || path === '/')) {
    return {
      host: url.hostname.replaceAll(/^\[|\]$/g, ''),
      port: url.port === '' ? CLAMD_PORT : Number(url.port),
    };
  }
  return url.protocol === 'clamd+unix:' && url.host === '' && path.length > 1 ? { path } : 'malformed';
}
