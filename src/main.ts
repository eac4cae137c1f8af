import { createApplication } from './application.js';
import { systemCode } from './kernel/errors.js';
import { readSettingsOrExit, startOrExit, stopOnRequest } from './process.js';

const settings = readSettingsOrExit();
const app = await startOrExit(settings, async () => (await createApplication(settings)).init());
try {
  await app.listen({ host: settings.http.host, port: settings.http.port });
} catch (error) {
  await app.close();
  const inUse = systemCode(error) === 'EADDRINUSE';
  const why = inUse
    ? `port ${settings.http.port} is in use. Choose another with PORT.`
    : 'the port cannot be opened.';
  process.stderr.write(`Sceau cannot listen: ${why}\n`);
  process.exit(1);
}
stopOnRequest(app);
process.send?.({ ready: true });
