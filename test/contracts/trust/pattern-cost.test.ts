import { expect, it } from "vitest";
import { costOf, type PatternCost } from "../../../contracts/trust/pattern-cost.ts";

it.each<[pattern: string, cost: PatternCost]>([
  ["^[a-z]+$", "linear"],
  ["^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$", "linear"],
  ["^[A-Za-z0-9+/]+={0,2}$", "linear"],
  ["^([a-z]+\\.)*[a-z]+$", "linear"],
  ["^(\\d{1,3}\\.){3}\\d{1,3}$", "linear"],
  ["^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", "linear"],
  ["^(a|b)*$", "linear"],
  ["^(foo|bar|baz)(,(foo|bar|baz))*$", "linear"],
  ["^\\p{L}+( \\p{L}+)*$", "linear"],
  ["^[\\w-.]+@[\\w-]+\\.[a-z]{2,6}$", "linear"],
  ["^(?!x)[a-z]+$", "linear"],
  ["^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$", "linear"],
  ["^[a-z0-9]{1,64}$", "linear"],
  ["^([a-z]{2,8}-)*[a-z]{2,8}$", "linear"],
  ["", "linear"],
  ["^\\d+\\d+$", "polynomial"],
  ["^\\s*(.*)\\s*$", "polynomial"],
  ["^[a-z]*[a-z0-9]*$", "polynomial"],
  ["[a-z]+$", "polynomial"],
  ["^(a+)+$", "exponential"],
  ["^(a*)*$", "exponential"],
  ["^(a|a)*$", "exponential"],
  ["^(a|aa)+$", "exponential"],
  ["^(a*b?)*$", "exponential"],
  ["^([a-z]+)*\\d$", "exponential"],
  ["^(\\w+\\s?)*$", "exponential"],
  ["^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+$", "exponential"],
  ["^(?:a{1,50}){1,50}$", "exponential"],
  ["^(.|\\s)*$", "exponential"],
  ["^(\\p{L}+|\\p{Lu}+)+$", "exponential"],
  ["^(?=(a+)+$)x", "exponential"],
  ["^(?<word>\\w+)*$", "exponential"],
  ["^((a|b)*c*)*$", "exponential"],
])("the cost of %s is %s", (pattern, cost) => {
  expect(costOf(pattern)).toBe(cost);
});

it.each([
  `^(${"a?".repeat(40)})*$`,
  `^(${Array.from({ length: 200 }, (_, index) => `w${index}`).join("|")})*$`,
  `^${"(a*".repeat(30)}${")*".repeat(30)}$`,
  `^${"[a-z]*".repeat(60)}$`,
  "(".repeat(5000),
  `[${"a-z".repeat(5000)}]+`,
])("a pattern of %# is estimated within a second", (pattern) => {
  const began = performance.now();
  costOf(pattern);
  expect(performance.now() - began).toBeLessThan(2000);
});
