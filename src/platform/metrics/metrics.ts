import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';

/** Counts things by kind. */
export interface KindCounter<Kind extends string> {
  add(kind: Kind, times?: number): void;
}

/**
 * What this process counts, for Prometheus. A counter's kinds are named when it is made and there are no other
 * labels, so no id, address or name can ever become one.
 */
@Injectable()
export class Metrics {
  readonly #registry = new Registry();

  /**
   * @param name in snake_case, ending in `_total`
   * @param kinds every value that the label `kind` can have; each is reported from the start
   */
  counter<Kind extends string>(name: string, help: string, kinds: readonly Kind[]): KindCounter<Kind> {
    const counter = new Counter({ name, help, labelNames: ['kind'], registers: [this.#registry] });
    const children = new Map(kinds.map((kind) => [kind, counter.labels({ kind })]));
    for (const child of children.values()) child.inc(0);
    return { add: (kind, times = 1) => children.get(kind)?.inc(times) };
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** In the text format of Prometheus. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
