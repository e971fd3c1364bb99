// The album as a process: how it starts, refuses to start, stops, and finds everything again.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Album, pictures, refusal, titles } from "./album.mjs";
import { launch } from "./browser.mjs";

/** Requests under way may take ten seconds to end; with none, it must be sooner. */
const STOP_MS = 8_000;
let browser, folder;

before(async () => {
  browser = await launch();
  folder = await mkdtemp(join(tmpdir(), "photo_album-"));
});
after(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

test("restarted, every photo is still there", async () => {
  const album = await new Album().start();
  try {
    assert.equal(album.said.stdout, `The album is at ${album.origin}\nEverything is kept in ${album.data}\n`);
    assert.notEqual(album.media, album.origin, "the browser's upload is a cross-origin one");
    const page = await browser.newPage();
    await page.goto(album.origin);
    await page.click("text=Load the sample photos");
    const before = await titles(page);
    assert.equal(before.length, 9);
    const stopped = await album.stop(); // with the page still open
    assert.deepEqual([stopped.code, stopped.signal, album.said.stderr], [0, null, ""]);
    assert.ok(stopped.ms < STOP_MS, `it took ${stopped.ms} ms to end`);

    await album.start(album.data);
    await page.goto(album.origin);
    assert.deepEqual(await titles(page), before);
    for (const [width] of await pictures(page, ".photo-card img")) assert.ok(width > 0);
    await page.click("text=More transformations >> nth=0");
    for (const [width] of await pictures(page, ".transformed img")) assert.ok(width > 0);
    await page.close();
    const interrupted = await album.stop("SIGINT");
    assert.deepEqual([interrupted.code, interrupted.signal, album.said.stderr], [0, null, ""]);
  } finally {
    await album.discard();
  }
});

test("killed in the middle of its life, it starts again with every photo", async () => {
  const album = await new Album().start();
  try {
    await fetch(`${album.origin}/samples`, { method: "POST" });
    await album.stop("SIGKILL");
    await album.start(album.data);
    const page = await browser.newPage();
    await page.goto(album.origin);
    const sizes = await pictures(page, ".photo-card img");
    assert.equal(sizes.length, 9);
    for (const [width] of sizes) assert.ok(width > 0);
    await page.close();
  } finally {
    await album.discard();
  }
});

test("what keeps it from starting is told in one line, with exit code 1", async () => {
  const busy = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => busy.on("listening", resolve));
  const taken = `127.0.0.1:${busy.address().port}`;
  const file = join(folder, "file");
  await writeFile(file, "");
  const cases = [
    [{ PHOTO_ALBUM_ADDR: taken }, [taken, "PHOTO_ALBUM_ADDR"]],
    [{ PHOTO_ALBUM_ADDR: "nowhere" }, ["nowhere", "PHOTO_ALBUM_ADDR"]],
    [{ PHOTO_ALBUM_DATA: join(file, "data") }, [join(file, "data"), "PHOTO_ALBUM_DATA"]], // nobody, not even root, may
    [{ PHOTO_ALBUM_UNDO: "soon" }, ["PHOTO_ALBUM_UNDO", "seconds"]],
    [{ DATABASE_URL: `sqlite://${file}/album.db` }, [`${file}/album.db`]],
    [{ DATABASE_URL: "mysql://me:hush@db/album" }, ["DATABASE_URL", "mysql"]],
    [{ CLOUDINARY_URL: "https://key:hush@demo" }, ["CLOUDINARY_URL", "cloudinary://"]],
    [{ CLOUDINARY_URL: "cloudinary://key:hush@demo?uplaod_prefix=x" }, ["CLOUDINARY_URL", "uplaod_prefix"]],
  ];
  try {
    for (const [variables, named] of cases) {
      const told = await refusal({ PHOTO_ALBUM_DATA: join(folder, "data"), ...variables });
      const shown = JSON.stringify([variables, told]);
      assert.equal(told.code, 1, shown);
      assert.equal(told.stdout, "", shown);
      assert.match(told.stderr, /^photo_album: [^\n]+\n$/, shown);
      for (const name of named) assert.ok(told.stderr.includes(name), shown);
      assert.ok(!told.stderr.includes("hush"), shown);
    }
  } finally {
    busy.close();
  }
});
