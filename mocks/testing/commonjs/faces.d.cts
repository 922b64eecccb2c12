// The types of the CommonJS door. A test compares the names with those of the ES module.
import type * as module from "../../../dist/contracts/necid/faces/faces.js" with {
  "resolution-mode": "import",
};

export type * from "../../../dist/contracts/necid/faces/faces.js" with { "resolution-mode": "import" };
export declare const FaceCardError: typeof module.FaceCardError;
export type FaceCardError = module.FaceCardError;
export declare const face: typeof module.face;
export declare const readFaceCard: typeof module.readFaceCard;
