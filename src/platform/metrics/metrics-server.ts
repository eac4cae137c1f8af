import { createServer, type Server } from 'node:http';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Logger } from '../logging/logger.js';
import { Metrics } from './metrics.js';

/** Serves the metrics on a port of their own, which no TLS terminator leads to. Without a port: nowhere. */
@Injectable()
export class MetricsServer implements OnApplicationShutdown {
  readonly #settings: Settings;
  readonly #metrics: Metrics;
  readonly #logger: Logger;
  #server: Server | undefined;

  constructor(settings: Settings, metrics: Metrics, logger: Logger) {
    this.#settings = settings;
    this.#metrics = metrics;
    this.#logger = logger;
  }

  /** A port that cannot be had is logged: serving people matters more than being measured. */
  async start(): Promise<void> {
    const { port } = this.#settings.metrics;
    if (port === undefined) return;
    const server = createServer((request, response) => {
      if (request.method !== 'GET' || request.url !== '/metrics') {
        response.writeHead(404).end();
        return;
      }
      this.#metrics.text().then(
        (text) => response.writeHead(200, { 'content-type': this.#metrics.contentType }).end(text),
        () => response.writeHead(500).end(),
      );
    });
    await new Promise<void>((resolve) => {
      server.once('error', (error) => {
        this.#logger.fault('metrics cannot be served', error);
        resolve();
      });
      server.listen(port, this.#settings.http.host, () => {
        this.#server = server;
        resolve();
      });
    });
  }

  async onApplicationShutdown(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }
}
