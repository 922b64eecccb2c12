import type { IsValid } from "./valid.ts";

type Schema = Record<string, unknown>;

/**
 * A number that keeps all of the schemas.
 *
 * @param variant another number gives another one, where the schemas leave a choice.
 * @returns `undefined` where none was found.
 */
export function numberOf(
  schemas: Schema[],
  { variant, isWhole, isValid }: { variant: number; isWhole: boolean; isValid: IsValid },
): number | undefined {
  const values = (keyword: string) =>
    schemas.map((schema) => schema[keyword]).filter((value): value is number => typeof value === "number");
  const multiple = values("multipleOf").reduce(product, isWhole ? 1 : 0);
  const step = multiple || 1;
  const [above, below] = [Math.max(...values("exclusiveMinimum")), Math.min(...values("exclusiveMaximum"))];
  const least = Math.max(...values("minimum"), above);
  const most = Math.min(...values("maximum"), below);
  const onStep = (value: number, round: (value: number) => number) =>
    multiple === 0 ? value : Number((round(value / multiple) * multiple).toPrecision(15));
  const candidates = [
    ...(Number.isFinite(least) ? [least, onStep(least, Math.ceil), onStep(least, Math.ceil) + step] : []),
    0,
    step,
    ...(Number.isFinite(most) ? [most, onStep(most, Math.floor), onStep(most, Math.floor) - step] : []),
    ...(Number.isFinite(least) && Number.isFinite(most)
      ? [(least + most) / 2, onStep((least + most) / 2, Math.floor)]
      : []),
  ];
  const keeps = (value: number) =>
    Number.isFinite(value) &&
    (!isWhole || Number.isInteger(value)) &&
    schemas.every((schema) => isValid(schema, value));
  const first = candidates.find(keeps);
  if (first === undefined || variant === 0) return first;
  for (const other of [first + variant * step, first - variant * step, first + variant * (step / 1000)])
    if (keeps(other)) return other;
  return first;
}

/** For the multiples that are met, whole numbers among them, a common multiple. */
function product(one: number, other: number): number {
  if (one === 0 || other === 0) return one || other;
  if (Number.isInteger(one / other)) return one;
  return Number.isInteger(other / one) ? other : one * other;
}
