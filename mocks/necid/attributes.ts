import type { components } from "#generated/necid-v1/schema.d.ts";
import { createRandom } from "../random/random.ts";
import type { Face } from "./face.ts";

export type Attributes = components["schemas"]["Attributes"];

/** Pixels, the first and last that belong to it. */
type Area = { left: number; top: number; right: number; bottom: number };
type Point = { x: number; y: number };

/**
 * Makes up what the service would measure in a face. The figures follow from identity and photo, so that the
 * same picture always has the same ones; those that a face card gives are taken as they stand there. Eyes
 * lie in the face, the face in the head, the head in the face's own column of the picture.
 */
export function attributesOf(face: Face): Attributes {
  const { given } = face;
  const random = createRandom(`${face.photo} ${face.identity}`);
  const head = placeHead(columnOf(face), random);
  const area = placeFace(head, random);
  const leaning = between(random, -12, 12);
  const turning = between(random, -20, 20);
  const { right, left } = placeEyes(area, Number(given.roll ?? leaning));
  const aside = Math.min(Math.abs(Number(given.pan ?? turning)) / 30, 1);
  const made = {
    frontal: between(random, 0.85, 0.99) - 0.4 * aside,
    tilt: between(random, -15, 15),
    likeness: between(random, 0.999, 0.999999),
    quality: between(random, 0.6, 0.98),
  };
  return {
    faceArea: areaText(area),
    headArea: areaText(head),
    rightEyeCenter: pointText(right),
    leftEyeCenter: pointText(left),
    frontalFaceScore: given.frontal ?? decimalText(made.frontal),
    faceRoll: given.roll ?? decimalText(rollOf(right, left)),
    facePan: given.pan ?? decimalText(turning),
    faceTilt: given.tilt ?? decimalText(made.tilt),
    faceScore: decimalText(made.likeness),
    faceQualityScore: given.quality ?? decimalText(made.quality),
  };
}

/** The faces of a group stand side by side; where there are more faces than pixels, they share some. */
function columnOf({ picture, place }: Face): Area {
  const left = Math.floor((place.index * picture.width) / place.of);
  const next = Math.floor(((place.index + 1) * picture.width) / place.of);
  return { left, top: 0, right: Math.max(left, next - 1), bottom: picture.height - 1 };
}

/** Heads are a fifth higher than wide, and not so small that their parts would fall into one pixel. */
function placeHead(column: Area, random: () => number): Area {
  const room = sizeOf(column);
  const preferred = Math.min(room.width, room.height / 1.2) * between(random, 0.4, 0.75);
  const width = Math.max(preferred, Math.min(room.width, smallestHead));
  const height = Math.max(preferred * 1.2, Math.min(room.height, smallestHead));
  const left = column.left + (room.width - width) * between(random, 0.3, 0.7);
  const top = column.top + (room.height - height) * between(random, 0.3, 0.7);
  return rounded({ left, top, right: left + width, bottom: top + height });
}

const smallestHead = 8;

/** A square in the head's lower part. */
function placeFace(head: Area, random: () => number): Area {
  const { width, height } = sizeOf(head);
  const side = 0.73 * width;
  const left = head.left + (width - side) * between(random, 0.4, 0.6);
  const top = head.top + 0.27 * height;
  return rounded({ left, top, right: left + side, bottom: top + Math.min(side, 0.7 * height) });
}

/**
 * The person's right eye is at the left of the picture, and the higher the other one, the greater the roll.
 * A head that lies on its side is drawn as if it leaned: the right eye stays at the left.
 */
function placeEyes(area: Area, roll: number): { right: Point; left: Point } {
  const { width, height } = sizeOf(area);
  const angle = (Math.max(-45, Math.min(45, roll)) * Math.PI) / 180;
  const across = 0.26 * width * Math.cos(angle);
  const up = Math.min(0.26 * width, 0.28 * height) * Math.sin(angle);
  const [x, y] = [area.left + 0.48 * width, area.top + 0.28 * height];
  const right = { x: Math.round(x - across), y: Math.round(y + up) };
  const left = { x: Math.round(x + across), y: Math.round(y - up) };
  if (right.x < left.x) return { right, left };
  return { right: { ...right, x: area.left }, left: { ...left, x: area.right } };
}

/** As in the documented samples: the angle of the line through both eyes, and `-0` where it is level. */
function rollOf(right: Point, left: Point): number {
  return (-Math.atan2(left.y - right.y, left.x - right.x) * 180) / Math.PI;
}

function sizeOf(area: Area): { width: number; height: number } {
  return { width: area.right - area.left, height: area.bottom - area.top };
}

function rounded({ left, top, right, bottom }: Area): Area {
  return {
    left: Math.round(left),
    top: Math.round(top),
    right: Math.round(right),
    bottom: Math.round(bottom),
  };
}

function between(random: () => number, from: number, to: number): number {
  return from + (to - from) * random();
}

function areaText({ left, top, right, bottom }: Area): Attributes["faceArea"] {
  return { left: String(left), top: String(top), right: String(right), bottom: String(bottom) };
}

function pointText({ x, y }: Point): Attributes["rightEyeCenter"] {
  return { x: String(x), y: String(y) };
}

/** Up to six significant digits of a number below 100, never with an exponent. */
function decimalText(number: number): string {
  const size = Math.abs(number);
  const scale = size < 1 ? 1e6 : size < 10 ? 1e5 : 1e4;
  const rounded = Math.round(number * scale) / scale;
  return Object.is(rounded, -0) ? "-0" : String(rounded);
}
