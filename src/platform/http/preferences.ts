import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { Request } from './exchange.js';

/** RFC 7240 §2: names and values compare without regard to case; of a preference given twice the first one counts. */
function prefersMinimal(header: string | undefined): boolean {
  const preferences = (header ?? '').split(',').map((preference) => {
    const [name = '', value = ''] = (preference.split(';')[0] ?? '').split('=').map((part) => part.trim());
    return { name: name.toLowerCase(), value: value.replace(/^"(.*)"$/, '$1').toLowerCase() };
  });
  return preferences.find(({ name }) => name === 'return')?.value === 'minimal';
}

const MinimalFromHeader = createParamDecorator((_: unknown, execution: ExecutionContext): boolean => {
  // Several header lines are one list.
  const { prefer } = execution.switchToHttp().getRequest<Request>().headers;
  return prefersMinimal(Array.isArray(prefer) ? prefer.join(',') : prefer);
});

/** Whether the caller wants no more than the new `ETag` (RFC 7240 §4.2): `Prefer: return=minimal`. */
export function PrefersMinimal(): ParameterDecorator {
  return (target, key, index) => {
    MinimalFromHeader()(target, key, index);
    if (key === undefined) return;
    const descriptor = Object.getOwnPropertyDescriptor(target, key);
    if (!descriptor) return;
    ApiHeader({
      name: 'Prefer',
      required: false,
      description:
        '`return=minimal` (RFC 7240): 204 with the new ETag, and nothing is opened for the answer.',
      schema: { type: 'string', example: 'return=representation' },
    })(target, key, descriptor);
  };
}
