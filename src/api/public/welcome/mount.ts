import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Where mailed links lead unless the operator has a front end of their own (`FRONT_END_URL`). */
const PATH = '/welcome';

/** Its own script and styles, calls to the API, a QR code as data; nothing from elsewhere, and in nobody's frame. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

const FILES = [
  [PATH, 'index.html', 'text/html; charset=utf-8'],
  [`${PATH}/welcome.js`, 'welcome.js', 'text/javascript; charset=utf-8'],
  [`${PATH}/welcome.css`, 'welcome.css', 'text/css; charset=utf-8'],
] as const;

/** Serves the page that confirms an address or accepts an invitation, and then enrols an authenticator. */
export async function mountWelcome(app: NestFastifyApplication): Promise<void> {
  const instance = app.getHttpAdapter().getInstance();
  for (const [path, file, type] of FILES) {
    const content = await readFile(join(import.meta.dirname, 'page', file));
    instance.get(path, (_, reply) =>
      reply
        .type(type)
        .headers({ 'content-security-policy': POLICY, 'cache-control': 'no-cache' })
        .send(content),
    );
  }
}
