/** OpenAPI 3.1 knows no `nullable`: what Nest writes that way becomes a union with `null`, in place. */
export function rewriteNullable(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  for (const value of Object.values(node)) rewriteNullable(value);
  if (!('nullable' in node)) return;
  if (node.nullable === true) makeNullable(node);
  delete node.nullable;
}

function makeNullable(schema: object): void {
  if ('type' in schema && typeof schema.type === 'string') {
    schema.type = [schema.type, 'null'];
    if ('enum' in schema && Array.isArray(schema.enum)) schema.enum.push(null);
    return;
  }
  if ('allOf' in schema && Array.isArray(schema.allOf)) {
    const options: unknown[] = schema.allOf;
    delete schema.allOf;
    Object.assign(schema, { anyOf: [...options, { type: 'null' }] });
    return;
  }
  if ('$ref' in schema) {
    const reference = schema.$ref;
    delete schema.$ref;
    Object.assign(schema, { anyOf: [{ $ref: reference }, { type: 'null' }] });
  }
}
