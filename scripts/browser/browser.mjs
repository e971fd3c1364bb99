// Starts the browser of the system: CHROMIUM names another than /usr/bin/chromium.
import { chromium } from "playwright-core";

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });

const EVENTS = ["add", "submit", "start", "send", "chunksend", "chunkdone", "progress", "progressall", "done", "fail", "always", "stop"]
  .map((name) => `fileupload${name}`)
  .concat(["start", "progress", "progressall", "done", "fail", "always", "stop"].map((name) => `cloudinary${name}`));

/** Records the events of every field into `window.seen`, heard by jQuery where the page has it. */
export function recordEvents(page) {
  return page.evaluate((names) => {
    window.seen = [];
    const keep = (name, data) => window.seen.push({
      name, path: data?.result?.path, loaded: data?.loaded, total: data?.total, textStatus: data?.textStatus,
      message: data?.jqXHR?.responseJSON?.error?.message, file: data?.files?.[0]?.name,
    });
    for (const name of names) {
      // On the input itself: the plugin fires its own events from handlers there, before the first one bubbles up.
      if (window.jQuery) window.jQuery("input[type=file]").on(name, (event, data) => keep(name, data));
      else document.addEventListener(name, (event) => keep(name, event.detail));
    }
  }, EVENTS);
}

/** A file to choose, of `bytes` bytes. */
export const file = (name, bytes = 1000, mimeType = "image/jpeg") => ({ name, mimeType, buffer: Buffer.alloc(bytes, 7) });

/** Drops files on an element, as the browser would report it. */
export async function drop(page, selector, files) {
  const transfer = await page.evaluateHandle((list) => {
    const made = new DataTransfer();
    for (const { name, type, bytes } of list) made.items.add(new File([new Uint8Array(bytes)], name, { type }));
    return made;
  }, files.map(({ name, mimeType, buffer }) => ({ name, type: mimeType, bytes: buffer.length })));
  await page.dispatchEvent(selector, "dragover", { dataTransfer: transfer });
  await page.dispatchEvent(selector, "drop", { dataTransfer: transfer });
}
