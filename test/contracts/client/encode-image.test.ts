import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { encodeImage, type ImageSource, ImageTooLargeError } from "../../../contracts/client/client.ts";

const image = bytesOf(100_000);

const sources: [name: string, source: () => ImageSource][] = [
  ["a Buffer", () => Buffer.from(image)],
  ["a Uint8Array", () => new Uint8Array(image)],
  ["a part of a larger buffer", () => new Uint8Array([0, ...image, 0]).subarray(1, image.length + 1)],
  ["an ArrayBuffer", () => new Uint8Array(image).buffer],
  ["a DataView", () => new DataView(new Uint8Array(image).buffer)],
  ["a Blob", () => new Blob([new Uint8Array(image)])],
  ["a File", () => new File([new Uint8Array(image)], "photo.jpg")],
  ["a stream of the web", () => new Blob([new Uint8Array(image)]).stream()],
  ["a stream of Node", () => Readable.from(chunks(image, 1_000))],
  ["a stream in chunks of one byte", () => Readable.from(chunks(image, 1))],
];
test.each(sources)("%s is encoded", async (_, source) => {
  expect(await encodeImage(source())).toBe(image.toString("base64"));
});

test.each([0, 1, 2, 3, 4, 5, 24_575, 24_576, 24_577, 24_578, 49_152, 49_153])(
  "%d bytes are encoded, whatever chunks they come in",
  async (size) => {
    const bytes = bytesOf(size);
    for (const chunk of [1, 2, 7, 24_575, 24_577, 1_000_000])
      expect(await encodeImage(Readable.from(chunks(bytes, chunk)))).toBe(bytes.toString("base64"));
  },
);

test("5 MB leave turns to other work", async () => {
  let turns = 0;
  let done = false;
  const count = () => {
    turns += 1;
    if (!done) setImmediate(count);
  };
  setImmediate(count);
  const large = bytesOf(5_000_000);
  expect(await encodeImage(large)).toBe(large.toString("base64"));
  done = true;
  expect(turns).toBeGreaterThanOrEqual(12);
});

test.each<[name: string, source: unknown]>([
  ["text", "4pyT"],
  ["nothing", undefined],
  ["null", null],
  ["a number", 1],
  ["a list of numbers", [1, 2, 3]],
  ["a stream of text", Readable.from(["4pyT"])],
  ["a web stream of text", new ReadableStream({ start: (controller) => controller.enqueue("4pyT") })],
])("%s is refused", async (_, source) => {
  await expect(encodeImage(source as ImageSource)).rejects.toThrow(
    "encodeImage needs a Blob, bytes or a stream of bytes. Text that is Base64 already needs no encoding.",
  );
});

test("a stream without an end is read up to maxBytes, and closed", async () => {
  let closed = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
    cancel: () => {
      closed = true;
    },
  });
  await expect(encodeImage(endless)).rejects.toThrow(ImageTooLargeError);
  await expect(encodeImage(image, { maxBytes: 99_999 })).rejects.toMatchObject({
    code: "IMAGE_TOO_LARGE",
    maxBytes: 99_999,
    message: "The image has more than 99999 bytes. Send a smaller one, or raise maxBytes.",
  });
  expect([closed, (await encodeImage(image, { maxBytes: 100_000 })).length]).toEqual([true, 133_336]);
});

test("the error of a stream is passed on", async () => {
  const error = new Error("the disk is gone");
  const broken = new Readable({
    read() {
      this.destroy(error);
    },
  });
  await expect(encodeImage(broken)).rejects.toBe(error);
});

function bytesOf(size: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) % 256));
}

function* chunks(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
