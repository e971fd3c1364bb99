// Pictures of the album's pages for a person to look at: `node album_screenshots.mjs [FOLDER]`.
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Album, made, photo, pictures } from "./album.mjs";
import { launch } from "./browser.mjs";

const folder = process.argv[2] ?? (await mkdtemp(join(tmpdir(), "album-pages-")));
const DIRECT = 'form[action*="form=direct"]';
const SERVER = 'form[action*="form=server"]';
const WORDS = made("notes.jpg", "These are words.");

const slow = async (page) => (await page.context().newCDPSession(page)).send("Network.emulateNetworkConditions",
  { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 60_000 });
const send = (page, form) => Promise.all([page.waitForEvent("load"), page.click(`${form} button[type=submit]`)]);

/** What to look at: a path, and what is done there. */
const STATES = {
  list: ["/"],
  added: ["/?done=samples"],
  photo: ["/photos/8"],
  photo_transparent: ["/photos/1"],
  photo_upright: ["/photos/7"],
  delete: ["/photos/7/delete"],
  missing: ["/nothing"],
  elsewhere: ["/", (page) => page.evaluate(() => document.body.insertAdjacentHTML("beforeend", '<form method="post" action="/upload"></form>'))
    .then(() => Promise.all([page.waitForEvent("load"), page.evaluate(() => document.forms[document.forms.length - 1].submit())]))],
  cover: ["/cover"],
  covered: ["/cover", async (page) => {
    await page.setInputFiles("input[type=file]", photo("picos_de_europa.jpg"));
    await page.waitForSelector(".cloudinary-thumbnail");
    await Promise.all([page.waitForEvent("load"), page.click("text=Save")]);
  }],
  cover_change: ["/cover"],
  notifications: ["/notifications"],
  several: ["/upload", async (page) => {
    await page.fill(`${DIRECT} input[name=title]`, "On the table");
    await page.setInputFiles(`${DIRECT} input[type=file]`, [photo("fig.jpg"), photo("espresso.png"), WORDS, photo("cat.jpg")]);
    await page.waitForSelector(".cloudinary-thumbnail >> nth=2");
  }],
  several_kept: ["/upload", async (page) => {
    await page.fill(`${SERVER} input[name=title]`, "On the table");
    await page.setInputFiles(`${SERVER} input[type=file]`, [photo("fig.jpg"), photo("espresso.png"), WORDS, photo("cat.jpg")]);
    await send(page, SERVER);
  }],
  upload: ["/upload"],
  unsigned: ["/upload?mode=unsigned"],
  uploading: ["/upload", async (page) => {
    await slow(page);
    await page.fill(`${DIRECT} input[name=title]`, "A ripe fig");
    await page.setInputFiles(`${DIRECT} input[type=file]`, photo("fig.jpg", "a ripe fig in a red bowl, cut in half.jpg"));
    await page.waitForTimeout(2500);
  }],
  uploaded: ["/upload", async (page) => {
    await page.fill(`${DIRECT} input[name=title]`, "A ripe fig");
    await page.setInputFiles(`${DIRECT} input[type=file]`, photo("fig.jpg", "a ripe fig in a red bowl, cut in half.jpg"));
    await page.waitForSelector(".cloudinary-thumbnail");
  }],
  dragged_over: ["/upload", async (page) => {
    await page.dispatchEvent("[data-cloudinary-dropzone]", "dragover",
      { dataTransfer: await page.evaluateHandle(() => {
        const transfer = new DataTransfer();
        transfer.items.add(new File(["x"], "x.jpg", { type: "image/jpeg" }));
        return transfer;
      }) });
  }],
  refused_at_once: ["/upload", async (page) => {
    await page.setInputFiles(`${DIRECT} input[type=file]`, WORDS);
    await page.waitForSelector(".cloudinary-error:not([hidden])");
  }],
  direct_errors: ["/upload", (page) => send(page, DIRECT)],
  direct_kept: ["/upload", async (page) => {
    await page.setInputFiles(`${DIRECT} input[type=file]`, photo("fig.jpg"));
    await page.waitForSelector(".cloudinary-thumbnail");
    await send(page, DIRECT);
  }],
  server_errors: ["/upload", async (page) => {
    await page.setInputFiles(`${SERVER} input[type=file]`, WORDS);
    await send(page, SERVER);
  }],
  server_kept: ["/upload", async (page) => {
    await page.setInputFiles(`${SERVER} input[type=file]`, photo("fig.jpg"));
    await send(page, SERVER);
  }],
};

const browser = await launch();
const album = await new Album().start();

/** Takes each state's picture on both devices, in light and in dark. */
async function shoot(states) {
  for (const [device, width] of [["desktop", 1280], ["phone", 390]]) {
    for (const colorScheme of ["light", "dark"]) {
      const touch = device === "phone";
      const page = await browser.newPage({ viewport: { width, height: 844 }, colorScheme, hasTouch: touch, isMobile: touch });
      for (const [name, [path, act]] of Object.entries(states)) {
        await page.goto(album.origin + path);
        await act?.(page);
        await pictures(page, "img");
        await page.waitForTimeout(300); // for what moves to come to rest
        await page.screenshot({ path: join(folder, `${device}_${colorScheme}_${name}.png`), fullPage: true });
      }
      await page.close();
    }
  }
}

try {
  await shoot({ empty: ["/"] });
  await fetch(`${album.origin}/samples`, { method: "POST" });
  await shoot(STATES);
} finally {
  await browser.close();
  await album.discard();
}
console.log(folder);
