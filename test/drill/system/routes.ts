import type { OpenAPIObject } from '@nestjs/swagger';
import type { RequestOptions } from '../../../tools/client/exchange.ts';
import { type Audience, type Operation, operationsOf } from '../../support/operations.js';

/** The routes of the running product that are for some audiences, as its contract has them. */
export async function routesFor(
  { url }: { readonly url: string },
  ...audiences: readonly Audience[]
): Promise<readonly Operation[]> {
  const contract: OpenAPIObject = JSON.parse(await (await fetch(`${url}/openapi.json`)).text());
  return operationsOf(contract).filter(({ audience }) => audiences.includes(audience));
}

/** A request to a route. @param id stands wherever its path wants one */
export function requestTo(
  route: Operation,
  id: string,
  headers: Readonly<Record<string, string>> = {},
): [string, RequestOptions] {
  const { method, hasBody } = route;
  return [route.sample(id), { method, headers, ...(hasBody ? { body: {} } : {}) }];
}
