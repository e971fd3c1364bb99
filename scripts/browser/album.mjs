// The photo album as a person would start it, on free ports and in a folder of its own.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const BINARY = process.env.PHOTO_ALBUM_BIN ?? here("../../target/debug/photo_album");
/** How long a debug build may take to start, on a busy machine. */
const START_MS = 30_000;

if (!existsSync(BINARY)) {
  throw new Error(`There is no photo album at ${BINARY}. Build it with "cargo build -p photo_album", or set PHOTO_ALBUM_BIN.`);
}

/** A sample photo, as a file to choose. */
export function photo(name, as = name) {
  const mimeType = { jpg: "image/jpeg", png: "image/png", gif: "image/gif" }[name.split(".").pop()];
  return { name: as, mimeType, buffer: readFileSync(here(`../../examples/photo_album/photos/${name}`)) };
}

/** Any bytes, as a file to choose. */
export const made = (name, content, mimeType = "image/jpeg") => ({ name, mimeType, buffer: Buffer.from(content) });

/** Runs the binary with these variables and none of the caller's that it would listen to. */
function run(variables) {
  const { DATABASE_URL, CLOUDINARY_URL, RUST_LOG, PHOTO_ALBUM_UNDO, ...environment } = process.env;
  const child = spawn(BINARY, { env: { ...environment, ...variables }, stdio: ["ignore", "pipe", "pipe"] });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) child[name].setEncoding("utf8").on("data", (text) => (said[name] += text));
  const ended = new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal })));
  return { child, said, ended };
}

/** What the binary says, and ends with, where it cannot start. */
export async function refusal(variables) {
  const { child, said, ended } = run({ PHOTO_ALBUM_ADDR: "127.0.0.1:0", ...variables });
  const late = setTimeout(() => child.kill("SIGKILL"), START_MS);
  const { code, signal } = await ended;
  clearTimeout(late);
  return { code, signal, ...said };
}

export class Album {
  /** Starts in a fresh folder, or in that of an album stopped before; with more variables for it. */
  async start(folder, variables = {}) {
    this.data = folder ?? (await mkdtemp(join(tmpdir(), "photo_album-")));
    this.process = run({ PHOTO_ALBUM_ADDR: "127.0.0.1:0", PHOTO_ALBUM_DATA: this.data, PHOTO_ALBUM_UNDO: "4", ...variables });
    const deadline = Date.now() + START_MS;
    const address = () => /^The album is at (http:\S+)\n/.exec(this.process.said.stdout)?.[1];
    while (!address()) {
      if (this.process.child.exitCode !== null || Date.now() > deadline) {
        this.process.child.kill("SIGKILL");
        throw new Error(`The photo album does not start: ${this.process.said.stderr || "it says nothing"}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    this.origin = address();
    const page = await (await fetch(`${this.origin}/upload`)).text();
    this.media = new URL(/data-url="([^"]+)"/.exec(page)[1]).origin;
    return this;
  }

  get said() {
    return this.process.said;
  }

  /** Asks it to end, as a service manager does; tells how it did. */
  async stop(signal = "SIGTERM") {
    const asked = Date.now();
    this.process.child.kill(signal);
    const late = setTimeout(() => this.process.child.kill("SIGKILL"), START_MS);
    const ended = await this.process.ended;
    clearTimeout(late);
    return { ...ended, ms: Date.now() - asked };
  }

  /** Stops it, and forgets what it kept. */
  async discard() {
    if (this.process.child.exitCode === null) await this.stop();
    await rm(this.data, { recursive: true, force: true });
  }

  /** The files that the media server keeps, or has begun to. */
  stored() {
    const paths = ["blobs", "incoming"].map((folder) => join(this.data, "media", folder))
      .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)));
    const kept = (entry) => entry?.isFile(); // none: gone since it was listed
    return paths.filter((path) => kept(statSync(path, { throwIfNoEntry: false }))).sort();
  }
}

/** What the visitor sees of the list: titles, newest first. */
export const titles = (page) => page.$$eval(".photo-card h2", (all) => all.map(({ textContent }) => textContent));

/** Width and height of each picture once it is decoded; 0 for one that cannot be. */
export const pictures = (page, selector) => page.$$eval(selector, (images) => Promise.all(images.map(async (image) => {
  image.loading = "eager"; // those below the fold too
  await image.decode().catch(() => {});
  return [image.naturalWidth, image.naturalHeight];
})));

/** Drops a file on an element, as the browser would report it. */
export async function dropFile(page, selector, { name, mimeType, buffer }) {
  const dataTransfer = await page.evaluateHandle(([base64, name, type]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(atob(base64), (each) => each.charCodeAt(0))], name, { type }));
    return transfer;
  }, [buffer.toString("base64"), name, mimeType]);
  for (const event of ["dragenter", "dragover", "drop"]) await page.dispatchEvent(selector, event, { dataTransfer });
}
