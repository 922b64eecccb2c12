import { shownValue } from "../../../verify/shown-value.ts";
import type { Figures } from "./read-step.ts";

/** Something that holds for every face. */
export type Plausibility = { place: string; holds: boolean; expected: string; actual: string };

/**
 * Judges the figures of one face against each other: what is true of every face, whatever the picture. A
 * figure that is not there or no number is left to the schema.
 *
 * @param figures pixels and degrees as decimals in text.
 */
export function plausibleFigures(figures: Figures): Plausibility[] {
  const number = (place: string) => Number.parseFloat(String(figures[place]));
  const area = (place: string): Area => ({
    left: number(`${place}/left`),
    top: number(`${place}/top`),
    right: number(`${place}/right`),
    bottom: number(`${place}/bottom`),
  });
  const point = (place: string): Point => ({ x: number(`${place}/x`), y: number(`${place}/y`) });
  const [face, head] = [area("/faceArea"), area("/headArea")];
  const [right, left] = [point("/rightEyeCenter"), point("/leftEyeCenter")];
  const line = (-Math.atan2(left.y - right.y, left.x - right.x) * 180) / Math.PI;
  const all = [
    ...Object.entries({ "/faceArea": face, "/headArea": head }).map(([place, area]) => ({
      place,
      broken: isInsideOut(area),
      expected: "left of its right, and top above its bottom",
      actual: text(area),
    })),
    {
      place: "/faceArea",
      broken: isOutside(face, head),
      expected: `within the head, ${text(head)}`,
      actual: text(face),
    },
    ...Object.entries({ "/rightEyeCenter": right, "/leftEyeCenter": left }).map(([place, { x, y }]) => ({
      place,
      broken: isOutside({ left: x, top: y, right: x, bottom: y }, face),
      expected: `within the face, ${text(face)}`,
      actual: `${x},${y}`,
    })),
    {
      place: "/rightEyeCenter",
      broken: right.x >= left.x,
      expected: `left of the left eye, x below ${left.x}`,
      actual: String(right.x),
    },
    {
      place: "/faceRoll",
      broken: right.x < left.x && Math.abs(number("/faceRoll") - line) > rollTolerance,
      expected: `within ${rollTolerance} degrees of the line through the eyes, ${line.toFixed(1)}`,
      actual: shownValue(figures["/faceRoll"]),
    },
    ...Object.entries(bounds).map(([place, [least, most]]) => ({
      place,
      broken: number(place) < least || number(place) > most,
      expected: `from ${least} to ${most}`,
      actual: shownValue(figures[place]),
    })),
  ];
  return all.map(({ broken, ...rest }) => ({ ...rest, holds: !broken }));
}

type Area = { left: number; top: number; right: number; bottom: number };
type Point = { x: number; y: number };

/** False for what is no number, as every comparison with it is. */
function isInsideOut({ left, top, right, bottom }: Area): boolean {
  return left >= right || top >= bottom;
}

/** One fault is told once: nothing lies within what is inside out. */
function isOutside(inner: Area, outer: Area): boolean {
  if (inner.left > inner.right || inner.top > inner.bottom) return false;
  const { left, top, right, bottom } = outer;
  const outside = inner.left < left || inner.top < top || inner.right > right || inner.bottom > bottom;
  return outside && !isInsideOut(outer);
}

const rollTolerance = 15;

const bounds: Record<string, [least: number, most: number]> = {
  "/frontalFaceScore": [0, 1],
  "/faceScore": [0, 1],
  "/faceQualityScore": [0, 1],
  "/facePan": [-90, 90],
  "/faceTilt": [-90, 90],
};

function text({ left, top, right, bottom }: Area): string {
  return `${left}/${top} to ${right}/${bottom}`;
}
