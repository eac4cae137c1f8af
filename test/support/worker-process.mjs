/**
 * One process more of the compiled worker, by the settings that it is given, with this machine as the Internet that
 * webhooks go to. It ends with its parent.
 */
import { OutboundNetwork } from '../../dist/platform/outbound/outbound-network.js';
import { Settings } from '../../dist/platform/config/settings.js';
import { createWorker } from '../../dist/worker.module.js';

class Loopback extends OutboundNetwork {
  resolve(host) {
    return Promise.resolve([host]);
  }

  permits(address) {
    return address === '127.0.0.1';
  }
}

const settings = new Settings(JSON.parse(process.argv[2] ?? '{}'));
const worker = await createWorker(settings, { network: new Loopback() });
process.once('disconnect', () => void worker.close());
process.send?.('ready');
