import { faceCardKeyword } from "../../contracts/necid/faces/face-card.ts";
import { hexDigits } from "../random/random.ts";
import { type Face, readFaces } from "./face.ts";
import { type EventOptions, eventIdOf, type Subject } from "./gallery.ts";
import { isPoor, measure } from "./pictures.ts";
import type { Tag } from "./tags.ts";

/** One file of a bulk registration, as the service reports it. */
export type BulkRecord = {
  filename: string;
  /** The tags of the event, while the record is new. */
  tags: ReadonlySet<Tag>;
  /** What became of it; `undefined` while the record is new. */
  result?: BulkResult;
};

/** A registered face with its attributes as JSON, or why there is none. */
export type BulkResult = { subjectId: string; eventId: string; attributesJson: string } | { reason: string };

/** A bulk registration. */
export type BulkJob = {
  batchId: string;
  /** The API key of its gallery. */
  application: string;
  records: BulkRecord[];
  /** When it was accepted, in milliseconds since the epoch. */
  started: number;
  /** How many records are processed. */
  processed: number;
};

/** Registers one file after the other, by the time that the world's clock shows. */
export type BulkJobs = {
  start(job: Pick<BulkJob, "application" | "records" | "started">): BulkJob;
  /** `undefined` for an unknown id, and for one of another application. */
  get(batchId: string, application: string): BulkJob | undefined;
  /** Registers what is due at this time. @returns whether anything was. */
  advance(now: number): boolean;
  list(): BulkJob[];
  /** Continues a job that was saved. */
  put(job: BulkJob): void;
  clear(): void;
};

/** How long the service takes for a record, in milliseconds. */
const recordMs = 100;

/** Of an application that starts ever more of them, the oldest are dropped. */
const mostJobs = 100;

export function createBulkJobs({
  random,
  register,
}: {
  random: () => number;
  register: (application: string, face: Face, options: EventOptions) => Subject;
}): BulkJobs {
  const jobs = new Map<string, BulkJob>();
  const pending = new Set<BulkJob>();

  return {
    start(given) {
      const digits = hexDigits(random, 24);
      const batchId = `batchguid-${digits.slice(0, 4)}-${digits.slice(4, 8)}-${digits.slice(8, 12)}-${digits.slice(12)}`;
      const job = { ...given, batchId, processed: 0 };
      put(job);
      return job;
    },
    get(batchId, application) {
      const job = jobs.get(batchId);
      return job?.application === application ? job : undefined;
    },
    advance(now) {
      let isAny = false;
      for (const job of pending) {
        const due = Math.min(job.records.length, Math.floor((now - job.started) / recordMs));
        for (; job.processed < due; job.processed++) {
          process(job, job.processed);
          isAny = true;
        }
        if (job.processed === job.records.length) pending.delete(job);
      }
      return isAny;
    },
    list: () => [...jobs.values()],
    put,
    clear() {
      jobs.clear();
      pending.clear();
    },
  };

  function put(job: BulkJob): void {
    jobs.set(job.batchId, job);
    if (job.processed < job.records.length) pending.add(job);
    const own = [...jobs.values()].filter(({ application }) => application === job.application);
    for (const old of own.slice(0, -mostJobs)) {
      jobs.delete(old.batchId);
      pending.delete(old);
    }
  }

  function process({ application, records, started }: BulkJob, index: number): void {
    const record = records[index]!;
    const faces = facesIn(record.filename);
    if (typeof faces === "string") {
      record.result = { reason: faces };
      return;
    }
    const { attributes, json } = measure(faces);
    if (isPoor(attributes)) {
      record.result = { reason: "PoorQuality" };
      return;
    }
    const updated = Math.floor((started + (index + 1) * recordMs) / 1000);
    const subject = register(application, faces, { tags: record.tags, updated });
    record.result = { subjectId: subject.id, eventId: eventIdOf(subject), attributesJson: json };
  }
}

/**
 * The one face of a file, or why it cannot be registered. There are no files here: the name without folder and
 * extension is the text of a face card, and where it is none, the face of nobody else.
 */
function facesIn(filename: string): Face | string {
  const name = filename.slice(Math.max(filename.lastIndexOf("/"), filename.lastIndexOf("\\")) + 1);
  const text = name.replace(/\.(jpe?g|png)$/i, "");
  try {
    const faces = readFaces(Buffer.from(`${faceCardKeyword}:${text}`));
    if (faces.length > 1) return "MultipleFaces";
    return faces[0] ?? "NoFace";
  } catch {
    return "InvalidRequest";
  }
}
