type Entry<Value> = { value: Value; low: number };

/**
 * A cache for claims about recursive schemas. A claim that is asked again while it is being decided counts as
 * `proved`; what was decided with the help of such an assumption is kept only when the assumption holds.
 *
 * @param proved the value that an assumption has.
 */
export function createCoinductive<Value>(proved: Value) {
  const done = new Map<string, Entry<Value>>();
  const open = new Map<string, number>();
  const provisional: string[] = [];
  let low = Number.POSITIVE_INFINITY;

  return function decide(key: string, compute: () => Value): Value {
    const known = done.get(key);
    if (known) {
      low = Math.min(low, known.low);
      return known.value;
    }
    const opened = open.get(key);
    if (opened !== undefined) {
      low = Math.min(low, opened);
      return proved;
    }
    const index = open.size;
    const outer = low;
    const mark = provisional.length;
    open.set(key, index);
    low = Number.POSITIVE_INFINITY;
    const value = compute();
    open.delete(key);

    const since = provisional.splice(mark);
    if (value !== proved) {
      for (const dependent of since) done.delete(dependent);
      done.set(key, { value, low: Number.POSITIVE_INFINITY });
    } else if (low >= index) {
      for (const dependent of since) done.get(dependent)!.low = Number.POSITIVE_INFINITY;
      done.set(key, { value, low: Number.POSITIVE_INFINITY });
      low = Number.POSITIVE_INFINITY;
    } else {
      done.set(key, { value, low });
      provisional.push(...since, key);
    }
    low = Math.min(low, outer);
    return value;
  };
}
