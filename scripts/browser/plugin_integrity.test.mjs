// The pinned files of the official plugin, as cloudinary_jquery_includes names them: those that the packages have.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { file, launch } from "./browser.mjs";
import { MediaServer } from "./media_server.mjs";
import { field, PageServer } from "./page_server.mjs";

const source = await readFile(new URL("../../cloudinary-axum/src/widgets.rs", import.meta.url), "utf8");
const FILE = /package: "([^"]+)",\s+version: "([^"]+)",\s+path: "([^"]+)",\s+integrity: "([^"]+)"/g;
const files = [...source.matchAll(FILE)].map(([, name, version, path, integrity]) => ({ name, version, path, integrity }));
const inPackages = (path) => new URL(`node_modules/${path}`, import.meta.url);
let browser, media, app;

before(async () => {
  browser = await launch();
  media = await new MediaServer().start();
  app = await new PageServer().start(media);
});
after(async () => {
  await browser.close();
  await Promise.all([media.stop(), app.stop()]);
});

test("versions and digests", async () => {
  assert.equal(files.length, 5);
  for (const { name, version, path, integrity } of files) {
    const description = JSON.parse(await readFile(inPackages(`${name}/package.json`), "utf8"));
    assert.equal(description.version, version, name);
    const digest = createHash("sha384").update(await readFile(inPackages(`${name}/${path}`))).digest("base64");
    assert.equal(integrity, `sha384-${digest}`, `${name}/${path}`);
  }
});

test("a browser runs them, and they upload", async () => {
  const tags = files.map(({ name, path, integrity }) =>
    `<script src="/vendor/${name}/${path}" integrity="${integrity}" crossorigin="anonymous" defer></script>`).join("\n");
  app.render(`${tags}<form method="post" action="/photos" enctype="multipart/form-data">${field(media)}</form>`, []);
  const page = await browser.newPage();
  await page.goto(app.origin);
  await page.evaluate(() => window.jQuery("input.cloudinary-fileupload[type=file]").cloudinary_fileupload());
  await page.setInputFiles("input[type=file]", file("my pic.jpg"));
  const value = await page.waitForFunction(() => document.querySelector("form input[type=hidden][name=image]")?.value);
  assert.match(await value.jsonValue(), /^image\/upload\/v\d+\//);
  await page.close();
});
