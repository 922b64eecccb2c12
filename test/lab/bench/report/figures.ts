import type { ContractTimes } from "../parts/contract-sizes.ts";
import type { FirstResponseTimes } from "../parts/first-answer.ts";
import type { GalleryTimes } from "../parts/gallery-process.ts";
import type { GenerationTimes } from "../parts/generation.ts";
import type { PictureTimes } from "../parts/pictures.ts";
import type { SigningTimes } from "../parts/signing-process.ts";
import type { UploadTimes } from "../parts/uploads.ts";
import type { VerificationTime } from "../parts/verification.ts";
import type { Measurement, Row } from "./summarise.ts";

/** All that one run of the bench found out, as `--json FILE` writes it. What `--only` left out is not there. */
export type Figures = {
  machine: {
    processor: string;
    cores: number;
    node: string;
    /** ISO 8601, of the start. */
    date: string;
    /** Of the minute before. */
    loadAverageBefore: number;
  };
  run: {
    rounds: number;
    seconds: number;
    warmUpSeconds: number;
    connections: number;
    bodyBytes: number;
    took: number;
  };
  /** Why the figures are not to be trusted; empty on a steady machine. */
  doubts: string[];
  /** What others took of the processors between the rounds, from 0 to 1. */
  othersBusy: number[];
  rows: Row[];
  skipped: { name: string; reason: string }[];
  measurements: Measurement[];
  firstResponses?: FirstResponseTimes[];
  generation?: GenerationTimes;
  verification?: VerificationTime;
  pictures?: PictureTimes[];
  uploads?: UploadTimes[];
  signing?: SigningTimes[];
  galleries?: GalleryTimes[];
  contracts?: ContractTimes[];
};
