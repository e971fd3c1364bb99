// The official jQuery plugin on the album's own direct field: the page is as the album serves it, but for the script.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { Album, photo, pictures, titles } from "./album.mjs";
import { launch } from "./browser.mjs";

const PLUGIN = [
  "jquery/dist/jquery.js", "blueimp-file-upload/js/vendor/jquery.ui.widget.js", "blueimp-file-upload/js/jquery.iframe-transport.js",
  "blueimp-file-upload/js/jquery.fileupload.js", "cloudinary-jquery-file-upload/cloudinary-jquery-file-upload.js",
].map((path) => readFileSync(new URL(`node_modules/${path}`, import.meta.url), "utf8"));
const FORM = 'form[action*="form=direct"]';
let browser, album, page, complaints;

before(async () => {
  browser = await launch();
  album = await new Album().start();
});
after(async () => {
  const { said } = album;
  await browser.close();
  await album.discard();
  assert.equal(said.stderr, "");
});
beforeEach(async () => {
  complaints = [];
  page = await (await browser.newContext()).newPage();
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
});
afterEach(async () => {
  await page.context().close();
  assert.deepEqual(complaints, []);
});

/** Serves the plugin from the address of our script, and lets it take the field with these options. */
async function withPlugin(options) {
  const start = `jQuery(() => jQuery("input.cloudinary-fileupload[type=file]").cloudinary_fileupload(${JSON.stringify(options)})
    .on("cloudinarydone cloudinaryfail", (event, data) => { window.ended = [event.type, data.result ?? data.jqXHR?.responseText]; }));`;
  await page.route(/\/cloudinary\/cloudinary\.js/, (route) => route.fulfill({ contentType: "text/javascript", body: [...PLUGIN, start].join("\n;\n") }));
}

/** Uploads with the plugin, sends the form, and looks for the photo in the list. */
async function add(title, file, path) {
  await page.goto(album.origin + path);
  await page.fill(`${FORM} input[name=title]`, title);
  const request = page.waitForRequest((each) => each.method() === "POST" && each.url().startsWith(album.media));
  await page.setInputFiles(`${FORM} input[type=file]`, file);
  const headers = await (await request).allHeaders();
  await page.waitForFunction(() => window.ended);
  const [event, result] = await page.evaluate(() => window.ended);
  assert.equal(event, "cloudinarydone", JSON.stringify(result));
  const values = await page.$$eval(`${FORM} input[type=hidden][name=image]`, (inputs) => inputs.map((input) => input.value));
  assert.equal(values.filter(Boolean).length, 1);
  await Promise.all([page.waitForURL(/done=added/), page.click(`${FORM} button[type=submit]`)]);
  assert.equal((await titles(page))[0], title);
  assert.deepEqual((await pictures(page, ".photo-card img"))[0], [480, 320]);
  return { headers, value: values.find(Boolean) };
}

for (const [way, path] of [["signed", "/upload"], ["unsigned", "/upload?mode=unsigned"]]) {
  test(`the plugin uploads, ${way}, and the album stores what it leaves in the form`, async () => {
    await withPlugin({});
    const { headers, value } = await add(`Plugin, ${way}`, photo("fig.jpg", "a fig.jpg"), path);
    assert.equal(headers["x-requested-with"], "XMLHttpRequest");
    assert.match(value, /^image\/upload\/v\d+\/\w{20}\/\w+\.jpg#[0-9a-f]+$/);
  });

  test(`through its iframe, ${way}, the answer comes by way of the CORS page`, async () => {
    await withPlugin({ forceIframeTransport: true, initialIframeSrc: "about:blank" }); // its own, javascript:false, breaks the policy
    const answered = page.waitForRequest((each) => each.url().startsWith(`${album.origin}/cloudinary/cloudinary_cors.html?`));
    const { headers, value } = await add(`Iframe, ${way}`, photo("cat.jpg", "a & b=c.jpg"), path);
    assert.equal(headers["x-requested-with"], undefined);
    // The plugin hides its form by an inline style, which the album's policy blocks: it is empty and shows nothing anyway.
    complaints = complaints.filter((text) => !text.startsWith("Applying inline style violates"));
    assert.match(value, /^image\/upload\/v\d+\/\w{20}\/\w+\.jpg#[0-9a-f]+$/);
    const { searchParams } = new URL((await answered).url());
    assert.equal(searchParams.get("public_id"), /\/(\w{20}\/\w+)\.jpg#/.exec(value)[1]);
  });
}

test("what the media server refuses reaches the plugin's handlers", async () => {
  await withPlugin({});
  await page.goto(`${album.origin}/upload`);
  await page.setInputFiles(`${FORM} input[type=file]`, { name: "notes.jpg", mimeType: "image/jpeg", buffer: Buffer.from("words") });
  await page.waitForFunction(() => window.ended);
  const [event, text] = await page.evaluate(() => window.ended);
  assert.equal(event, "cloudinaryfail");
  assert.match(JSON.parse(text).error.message, /Invalid image file/);
  assert.equal(complaints.length, 1);
  assert.match(complaints.pop(), /status of 400/);
  assert.equal(await page.inputValue(`${FORM} input[type=hidden][name=image]`), "");
});
