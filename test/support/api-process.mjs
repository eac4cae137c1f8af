/** One process more of the compiled API, by the settings that it is given. It ends with its parent. */
import { createApplication } from '../../dist/application.js';
import { Settings } from '../../dist/platform/config/settings.js';

const settings = new Settings(JSON.parse(process.argv[2] ?? '{}'));
const app = await createApplication(settings);
await app.listen({ host: settings.http.host, port: settings.http.port });
process.once('disconnect', () => void app.close());
process.send?.('ready');
