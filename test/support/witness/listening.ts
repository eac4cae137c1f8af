import { once } from 'node:events';
import type { Server } from 'node:net';

/** @returns the port that the server listens on, on the loopback */
export async function listen(server: Server, port = 0): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  return address.port;
}

/** Ends connections too, at once. */
export async function stopListening(server: Server): Promise<void> {
  if (!server.listening) return;
  const gone = once(server, 'close');
  server.close();
  if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function')
    server.closeAllConnections();
  await gone;
}
