/** Records as one JSON array, a record at a time. @param written is told of each */
export async function* jsonArray(items: AsyncIterable<object>, written: () => void): AsyncGenerator<string> {
  let before = '[\n';
  for await (const item of items) {
    yield `${before}${JSON.stringify(item, null, 2)}`;
    before = ',\n';
    written();
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}
