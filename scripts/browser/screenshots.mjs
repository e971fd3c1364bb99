// Pictures of the field for a person to look at: `node screenshots.mjs [FOLDER]`.
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { file, launch } from "./browser.mjs";
import { MediaServer } from "./media_server.mjs";
import { field, PageServer } from "./page_server.mjs";

const folder = process.argv[2] ?? (await mkdtemp(join(tmpdir(), "cloudinary-field-")));
const LIMITS = { "data-formats": "jpg,png,webp", "data-max-bytes": "5000000" };
const refused = { status: 400, body: { error: { message: "Invalid image file" } } };

/** What the field looks like: attributes, and what is done on the page. */
const STATES = {
  idle: [{}, async () => {}],
  uploading: [{ "data-max-chunk-size": "100000" }, async (page, media) => {
    media.script = [{}, { delay: 20_000 }];
    await page.setInputFiles("input", file("a long walk on the beach at sunset.jpg", 300_000));
    await page.waitForTimeout(500);
  }],
  finishing: [{}, async (page, media) => {
    media.script = [{ delay: 20_000 }];
    await page.setInputFiles("input", file("beach.jpg", 300_000));
    await page.click("text=Save");
    await page.waitForTimeout(500);
  }],
  done: [{}, (page) => page.setInputFiles("input", file("a long walk on the beach at sunset.jpg", 300_000))],
  error: [{}, (page, media) => {
    media.script = [refused];
    return page.setInputFiles("input", file("notes.jpg", 30_000));
  }],
  several: [{ multiple: "" }, (page, media) => {
    media.script = [{}, refused];
    return page.setInputFiles("input", [file("beach.jpg", 300_000), file("notes.jpg", 10), file("clip.mov", 10, "video/quicktime"), file("hut.png", 1_400_000)]);
  }],
};

const browser = await launch();
const media = await new MediaServer().start();
const app = await new PageServer().start(media);
for (const [device, width] of [["desktop", 1280], ["phone", 390]]) {
  for (const colorScheme of ["light", "dark"]) {
    const touch = device === "phone";
    const page = await browser.newPage({ viewport: { width, height: touch ? 844 : 640 }, colorScheme, hasTouch: touch, isMobile: touch });
    for (const [name, [attributes, act]] of Object.entries(STATES)) {
      media.reset();
      app.render(field(media, "image", { ...LIMITS, ...attributes }));
      await page.goto(app.origin);
      await act(page, media);
      await page.waitForTimeout(600);
      await page.screenshot({ path: `${folder}/${device}_${colorScheme}_${name}.png` });
    }
    await page.close();
  }
}
await browser.close();
await Promise.all([media.stop(), app.stop()]);
console.log(folder);
