import { redactValue } from "../../../verify/redaction.ts";
import type { FaceAttributes } from "./read-body.ts";

/** Something that is true of every face; `pointer` is a JSON Pointer below `attributes`. */
export type Plausibility = { pointer: string; holds: boolean; expected: string; actual: string };

/**
 * Compares the attributes of one face with each other and with their ranges. A missing or non-numeric
 * attribute breaks no rule here: the schema checks report it.
 *
 * @param attributes pixels and degrees as decimal numbers in text.
 */
export function plausibility(attributes: FaceAttributes): Plausibility[] {
  const number = (pointer: string) => Number.parseFloat(String(attributes[pointer]));
  const area = (pointer: string): Area => ({
    left: number(`${pointer}/left`),
    top: number(`${pointer}/top`),
    right: number(`${pointer}/right`),
    bottom: number(`${pointer}/bottom`),
  });
  const point = (pointer: string): Point => ({ x: number(`${pointer}/x`), y: number(`${pointer}/y`) });
  const [face, head] = [area("/faceArea"), area("/headArea")];
  const [right, left] = [point("/rightEyeCenter"), point("/leftEyeCenter")];
  const eyeLine = (-Math.atan2(left.y - right.y, left.x - right.x) * 180) / Math.PI;
  const all = [
    ...Object.entries({ "/faceArea": face, "/headArea": head }).map(([pointer, area]) => ({
      pointer,
      broken: isInsideOut(area),
      expected: "left of its right, and top above its bottom",
      actual: formatArea(area),
    })),
    {
      pointer: "/faceArea",
      broken: isOutside(face, head),
      expected: `within the head, ${formatArea(head)}`,
      actual: formatArea(face),
    },
    ...Object.entries({ "/rightEyeCenter": right, "/leftEyeCenter": left }).map(([pointer, { x, y }]) => ({
      pointer,
      broken: isOutside({ left: x, top: y, right: x, bottom: y }, face),
      expected: `within the face, ${formatArea(face)}`,
      actual: `${x},${y}`,
    })),
    {
      pointer: "/rightEyeCenter",
      broken: right.x >= left.x,
      expected: `left of the left eye, x below ${left.x}`,
      actual: String(right.x),
    },
    {
      pointer: "/faceRoll",
      broken: right.x < left.x && Math.abs(number("/faceRoll") - eyeLine) > rollTolerance,
      expected: `within ${rollTolerance} degrees of the line through the eyes, ${eyeLine.toFixed(1)}`,
      actual: redactValue(attributes["/faceRoll"]),
    },
    ...Object.entries(bounds).map(([pointer, [min, max]]) => ({
      pointer,
      broken: number(pointer) < min || number(pointer) > max,
      expected: `from ${min} to ${max}`,
      actual: redactValue(attributes[pointer]),
    })),
  ];
  return all.map(({ broken, ...rest }) => ({ ...rest, holds: !broken }));
}

type Area = { left: number; top: number; right: number; bottom: number };
type Point = { x: number; y: number };

/** False if a side is NaN, as is every comparison with it. */
function isInsideOut({ left, top, right, bottom }: Area): boolean {
  return left >= right || top >= bottom;
}

/** False if an area is inside out: that is reported by itself. */
function isOutside(inner: Area, outer: Area): boolean {
  if (inner.left > inner.right || inner.top > inner.bottom) return false;
  const { left, top, right, bottom } = outer;
  const outside = inner.left < left || inner.top < top || inner.right > right || inner.bottom > bottom;
  return outside && !isInsideOut(outer);
}

const rollTolerance = 15;

const bounds: Record<string, [min: number, max: number]> = {
  "/frontalFaceScore": [0, 1],
  "/faceScore": [0, 1],
  "/faceQualityScore": [0, 1],
  "/facePan": [-90, 90],
  "/faceTilt": [-90, 90],
};

function formatArea({ left, top, right, bottom }: Area): string {
  return `${left}/${top} to ${right}/${bottom}`;
}
