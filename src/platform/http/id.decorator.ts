import { Param, type PipeTransform } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { Failure } from '../../kernel/errors.js';
import { parseId } from '../../kernel/ids.js';

class IdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    const id = parseId(value);
    // A malformed id names nothing, exactly like an unknown one.
    if (id === undefined) throw new Failure('not_found');
    return id;
  }
}

/** A UUIDv7 in the path. Anything else is the same 404 as a resource that does not exist. */
export function PathId(name = 'id'): ParameterDecorator {
  return (target, key, index) => {
    Param(name, new IdPipe())(target, key, index);
    if (key === undefined) return;
    const descriptor = Object.getOwnPropertyDescriptor(target, key);
    if (descriptor)
      ApiParam({ name, format: 'uuid', schema: { type: 'string', format: 'uuid' } })(target, key, descriptor);
  };
}
