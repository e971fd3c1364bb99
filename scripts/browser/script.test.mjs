// static/cloudinary.js in a real browser: what it sends, what it leaves in the form, and what the visitor is told.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { drop, file, launch, recordEvents } from "./browser.mjs";
import { MediaServer } from "./media_server.mjs";
import { field, PageServer, PARAMETERS } from "./page_server.mjs";

const INPUT = "input.cloudinary-fileupload";
const HIDDEN = "input[type=hidden]";
const SINGLE = [
  "fileuploadadd", "fileuploadsubmit", "fileuploadstart", "cloudinarystart", "fileuploadsend",
  "fileuploadprogress", "cloudinaryprogress", "fileuploadprogressall", "cloudinaryprogressall",
  "fileuploaddone", "cloudinarydone", "fileuploadalways", "cloudinaryalways", "fileuploadstop", "cloudinarystop",
];
let browser, media, app, page, complaints;

before(async () => {
  browser = await launch();
  media = await new MediaServer().start();
  app = await new PageServer().start(media);
});
after(async () => {
  await browser.close();
  await Promise.all([media.stop(), app.stop()]);
});
beforeEach(async () => {
  media.reset();
  page = await browser.newPage();
  complaints = []; // violations of the policy and uncaught errors: no test expects one
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => /Content Security Policy/.test(message.text()) && complaints.push(message.text()));
});
afterEach(async () => {
  await page.close();
  assert.deepEqual(complaints, []);
});

async function open(content, scripts) {
  app.render(content, scripts);
  await page.goto(app.origin);
  await recordEvents(page);
}
const choose = (files, selector = INPUT) => page.setInputFiles(selector, files);
const hidden = (selector = HIDDEN) => page.$$eval(selector, (inputs) => inputs.map(({ name, value }) => [name, value]));
const says = (text, part = ".cloudinary-status") => page.locator(part, { hasText: text }).first().waitFor();
const seen = () => page.evaluate(() => window.seen);
const names = (events) => events.map(({ name }) => name).filter((name, at, all) => !name.includes("progress") || all.lastIndexOf(name) === at);
const chosen = (selector = INPUT) => page.$eval(selector, ({ files }) => [...files].map(({ name }) => name));

test("a chosen file is sent with the signed parameters, and its identifier is left in the form", async () => {
  await open(field(media, "image", { required: "" }));
  await choose(file("beach.jpg"));
  await says("beach.jpg is uploaded.");
  const [{ url, headers, fields, file: part }] = media.requests;
  assert.equal(media.requests.length, 1);
  assert.equal(url, "/v1_1/demo/auto/upload");
  assert.deepEqual(fields, Object.entries(PARAMETERS));
  assert.deepEqual(part, { name: "file", filename: "beach.jpg", type: "image/jpeg", bytes: 1000 });
  assert.equal(headers["x-requested-with"], "XMLHttpRequest");
  assert.match(headers["x-unique-upload-id"], /^[0-9a-f]{24}$/);
  assert.equal(headers["content-range"], undefined);
  const [[name, value]] = await hidden();
  assert.equal(name, "image");
  assert.match(value, /^image\/upload\/v1372180830\/photo_\d+\.jpg#signature\d+$/);
  assert.equal(await page.$eval(INPUT, ({ required }) => required), false, "the form has its file");
  assert.deepEqual(await chosen(), [], "or the form would post it again");
});

test("the thumbnail is the answer's picture, transformed", async () => {
  for (const [attribute, expected] of [[null, "c_fill,h_100,w_150"], ["c_thumb,g_face,h_90,w_90/r_max", "c_thumb,g_face,h_90,w_90/r_max"]]) {
    media.reset();
    await open(field(media, "image", { "data-thumbnail-transformation": attribute }));
    await choose(file("beach.jpg"));
    const image = page.locator(".cloudinary-thumbnail");
    await image.waitFor();
    assert.equal(await image.getAttribute("alt"), "Preview of beach.jpg");
    await page.waitForFunction(() => document.querySelector(".cloudinary-thumbnail").naturalWidth > 0);
    assert.match(media.previews[0], new RegExp(`^/demo/image/upload/${expected}/v1372180830/photo_\\d+\\.jpg$`));
  }
});

test("answers of other kinds get the preview they can have", async () => {
  const answer = (more) => ({ public_id: "a/b", version: 1, signature: "s", resource_type: "image", type: "upload", format: "jpg", ...more });
  const cases = [
    [{ url: "@/demo/image/upload/v1/a/b.pdf", format: "pdf" }, "/demo/image/upload/c_fill,h_100,w_150/v1/a/b.jpg"],
    [{ url: "@/demo/video/upload/v1/a/b.mp4", format: "mp4", resource_type: "video" }, "/demo/video/upload/c_fill,h_100,w_150/v1/a/b.jpg"],
    [{ url: "@/demo/raw/upload/v1/a/b.csv", format: undefined, resource_type: "raw" }, null],
    [{ url: "@/demo/image/private/s--x--/v1/a/b.jpg", type: "private" }, null],
    [{ url: "@/p", type: "private", eager: [{ url: "@/eager.jpg" }] }, "/eager.jpg"],
  ];
  for (const [more, expected] of cases) {
    await open(field(media));
    media.script = [{ body: JSON.parse(JSON.stringify(answer(more)).replaceAll("@", media.origin)) }];
    await choose(file("b.jpg"));
    await says("is uploaded");
    const sources = await page.$$eval(".cloudinary-thumbnail", (images) => images.map(({ src }) => new URL(src).pathname));
    assert.deepEqual(sources, expected === null ? [] : [expected]);
  }
  assert.deepEqual(await hidden(), [["image", "image/private/v1/a/b.jpg#s"]]);
});

test("events reach native listeners, in the plugin's order", async () => {
  await open(field(media));
  await choose(file("beach.jpg"));
  await says("is uploaded");
  const events = await seen();
  assert.deepEqual(names(events), SINGLE);
  const done = events.find(({ name }) => name === "cloudinarydone");
  assert.match(done.path, /^v1372180830\/photo_\d+\.jpg$/);
  assert.deepEqual([done.loaded, done.total, done.file], [1000, 1000, "beach.jpg"]);
});

test("with jQuery on the page its handlers and native listeners are called once each", async () => {
  await open(field(media), ["/vendor/jquery/dist/jquery.js", "/static/cloudinary.js"]);
  await page.evaluate(() => {
    window.native = [];
    document.addEventListener("cloudinarydone", ({ detail }) => window.native.push(detail.result.path));
    window.jQuery("input").on("cloudinarystart", () => {
      throw new Error("a faulty handler");
    });
  });
  await choose(file("beach.jpg"));
  await says("is uploaded");
  const events = await seen();
  assert.deepEqual(names(events), SINGLE);
  assert.deepEqual(await page.evaluate(() => window.native), [events.find(({ name }) => name === "cloudinarydone").path]);
  assert.deepEqual(complaints.splice(0), ["Error: a faulty handler"]); // told, and the upload went on
});

test("preventDefault leaves a file out", async () => {
  for (const name of ["fileuploadadd", "fileuploadsubmit", "fileuploadsend"]) {
    media.reset();
    await open(field(media, "image", { multiple: "" }));
    await page.evaluate((type) => document.addEventListener(type, (event) => {
      if (event.detail.files[0].name === "a.jpg") event.preventDefault();
    }), name);
    await choose([file("a.jpg"), file("b.jpg")]);
    await says("b.jpg is uploaded");
    assert.deepEqual(media.requests.map(({ file: { filename } }) => filename), ["b.jpg"], name);
  }
});

test("several files get one hidden input each, in the order of selection", async () => {
  await open(field(media, "images[]", { multiple: "" }));
  media.script = [{ delay: 300 }, { status: 400, body: { error: { message: "Invalid image file" } } }];
  await choose([file("a.jpg", 3000), file("b.txt", 500), file("c.png", 100)]);
  await says("c.png is uploaded");
  assert.deepEqual((await hidden()).map(([name, value]) => [name, value.split(".").pop().split("#")[0]]), [["images[]", "jpg"], ["images[]", "png"]]);
  await says("b.txt was refused: Invalid image file", ".cloudinary-error");
  assert.deepEqual(await chosen(), ["b.txt"], "what failed goes with the form");
  await choose([file("d.jpg")]);
  await says("d.jpg is uploaded");
  assert.equal((await hidden()).length, 3);
  await page.click('[aria-label="Remove c.png"]');
  assert.deepEqual((await hidden()).map(([, value]) => value.split(".").pop().split("#")[0]), ["jpg", "jpg"]);
});

test("files chosen while others are uploading are queued", async () => {
  await open(field(media, "image", { multiple: "" }));
  media.script = [{ delay: 300 }];
  await choose([file("a.jpg")]);
  await says("Almost done with a.jpg");
  await choose([file("b.jpg")]);
  await says("b.jpg is uploaded");
  assert.deepEqual(media.requests.map(({ file: { filename } }) => filename), ["a.jpg", "b.jpg"]);
  assert.equal((await hidden()).length, 2);
  assert.equal((await seen()).filter(({ name }) => name === "cloudinarystart").length, 1);
});

test("in a single field a newer choice replaces an upload under way, and later the result", async () => {
  await open(field(media));
  media.script = [{ delay: 5000 }];
  await choose(file("old.jpg"));
  await says("Almost done with old.jpg");
  await choose(file("new.jpg"));
  await says("new.jpg is uploaded");
  const first = await hidden();
  assert.equal(first.length, 1);
  assert.equal((await seen()).find(({ name }) => name === "cloudinaryfail").textStatus, "abort");
  await choose(file("newest.jpg"));
  await says("newest.jpg is uploaded");
  const second = await hidden();
  assert.equal(second.length, 1);
  assert.notDeepEqual(second, first);
  assert.equal(await page.locator(".cloudinary-result").count(), 1);
});

test("a large file is sent in chunks with one id, and a failed chunk again", async () => {
  await open(field(media, "image", { "data-max-chunk-size": "60000" }));
  media.script = [{}, { drop: true }, { status: 429, body: "later" }];
  await choose(file("my pic.jpg", 150_000));
  await says("my pic.jpg is uploaded");
  assert.deepEqual(media.requests.map(({ headers, file: part }) => [headers["content-range"], part.bytes]), [
    ["bytes 0-59999/150000", 60_000],
    ["bytes 60000-119999/150000", 60_000],
    ["bytes 60000-119999/150000", 60_000],
    ["bytes 60000-119999/150000", 60_000],
    ["bytes 120000-149999/150000", 30_000],
  ]);
  assert.equal(new Set(media.requests.map(({ headers }) => headers["x-unique-upload-id"])).size, 1);
  for (const { headers, fields, file: part } of media.requests) {
    assert.equal(headers["content-disposition"], 'attachment; filename="my%20pic.jpg"');
    assert.deepEqual(fields, Object.entries(PARAMETERS));
    assert.deepEqual([part.filename, part.type], ["my pic.jpg", "image/jpeg"]);
  }
  const events = await seen();
  for (const name of ["fileuploadchunksend", "fileuploadchunkdone"]) assert.equal(events.filter((event) => event.name === name).length, 3);
  const loaded = events.filter(({ name }) => name === "fileuploadprogress").map((event) => event.loaded);
  assert.equal(loaded.at(-1), 150_000);
  assert.equal((await hidden()).length, 1);
});

test("a chunk that is refused, or fails for good, ends the upload", async () => {
  await open(field(media, "image", { "data-max-chunk-size": "60000" }));
  media.script = [{ status: 400, body: { error: { message: "Invalid image file" } } }];
  await choose(file("a.jpg", 150_000));
  await says("a.jpg was refused: Invalid image file", ".cloudinary-error");
  assert.equal(media.requests.length, 1);
  media.reset();
  media.script = Array(4).fill({ status: 500, body: "oops" });
  await choose(file("a.jpg", 150_000));
  await says("the server answered with an error (500)", ".cloudinary-error");
  assert.equal(media.requests.length, 4);
  assert.deepEqual(await hidden(), []);
});

test("what goes wrong is said in words, and nothing is written", async () => {
  const refused = (message, status = 400) => ({ status, body: { error: { message } } });
  const cases = [
    [refused("Invalid image file"), "a.jpg was refused: Invalid image file", "fail"],
    [refused("Invalid Signature <b>x</b>", 401), "a.jpg was refused: Invalid Signature <b>x</b>", "fail"],
    [refused("Stale request - reported time is 2023-12-19 23:07:41 +0000 which is more than 1 hour ago"), "This page was open for too long", "fail"],
    [refused("not really", 200), "a.jpg was refused: not really", "done"],
    [{ status: 502, body: "<h1>Bad Gateway</h1>", type: "text/html" }, "the server answered with an error (502)", "fail"],
    [{ status: 200, body: "<h1>Hello</h1>", type: "text/html" }, "the server answered with an error (200)", "fail"],
    [{ drop: true }, "the server cannot be reached", "fail"],
  ];
  for (const [step, words, outcome] of cases) {
    await open(field(media, "image", { required: "" }));
    media.script = [step];
    await choose(file("a.jpg"));
    await says(words, ".cloudinary-error");
    await page.waitForFunction(() => window.seen.some(({ name }) => name === "cloudinarystop"));
    assert.deepEqual(await hidden(), []);
    const events = names(await seen());
    assert.equal(events.includes("cloudinaryfail"), outcome === "fail");
    assert.equal(events.includes("fileuploaddone"), outcome === "done");
    assert.equal(events.includes("cloudinarydone"), false);
    assert.equal(await page.getAttribute(INPUT, "aria-invalid"), "true");
    assert.deepEqual(await chosen(), ["a.jpg"], "the form can still be sent, with the file");
    await page.click(".cloudinary-retry");
    await says("a.jpg is uploaded");
    assert.equal(await page.locator(".cloudinary-error").isVisible(), false);
    assert.equal(await page.getAttribute(INPUT, "aria-invalid"), "false");
  }
});

test("an unreachable host is a network error", async () => {
  await open(field(media, "image", { "data-url": "http://127.0.0.1:1/v1_1/demo/auto/upload" }));
  await page.route("http://127.0.0.1:1/**", (route) => route.abort("connectionrefused"));
  await choose(file("a.jpg"));
  complaints.splice(0); // the page's policy names the media service only
  await says("the server cannot be reached", ".cloudinary-error");
});

test("an address that is none does not hold the form", async () => {
  await open(field(media, "image", { "data-url": "http://:no:where" }));
  await choose(file("a.jpg"));
  await says("could not be uploaded", ".cloudinary-error");
  assert.match(complaints.splice(0).join(), /Invalid URL/);
  await page.click("text=Save");
  await page.waitForURL("**/photos");
});

test("files that the server would refuse are not sent", async () => {
  const limits = { "data-max-bytes": "2000000", "data-formats": "jpg, PNG,webp", required: "" };
  const cases = [
    [file("a.jpg", 2_500_000), "a.jpg is too large (2.5 MB). At most 2 MB is allowed."],
    [file("a.gif", 10, "image/gif"), "a.gif has the wrong format. Allowed: jpg, png, webp."],
    [file("notes.txt", 10, "text/plain"), "notes.txt has the wrong format."],
    [file("a.jpg", 0), "a.jpg is empty."],
  ];
  await open(field(media, "image", limits));
  for (const [each, words] of cases) {
    await choose(each);
    await says(words, ".cloudinary-error");
    assert.deepEqual(await chosen(), []);
  }
  assert.equal(media.requests.length, 0);
  assert.deepEqual(await seen(), []);
  for (const each of [file("A.JPEG", 10), file("a.png", 10, "image/png"), file("a.jfif", 10, "image/jpeg"), file("photo.webp", 10, ""), file("picture", 10, "")]) {
    await choose(each);
    await says(`${each.name} is uploaded.`);
  }
  assert.equal(await page.locator(".cloudinary-error").isVisible(), false);
});

test("a file can be dropped, on the input, its widget or a drop zone, and on no other field's", async () => {
  const zone = (inner) => `<div id="zone" data-cloudinary-dropzone>${inner}<p id="inside">Here</p></div>`;
  await open(field(media, "a", { required: "" }) + zone(field(media, "b")));
  for (const [target, name] of [["#id_a", "a"], ["#id_a + .cloudinary-widget", "a"], ["#inside", "b"], ["#id_b", "b"]]) {
    media.reset();
    await drop(page, target, [file(`${name}.jpg`)]);
    await page.waitForFunction(([field]) => window.seen.splice(0).some(({ name }) => name === "cloudinarystop") && field, [name]);
    assert.equal(media.requests.length, 1, target);
    assert.match((await hidden(`input[type=hidden][name=${name}]`))[0][1], /^image\/upload\//);
  }
  assert.deepEqual(await page.$$eval(".cloudinary-dragover", (all) => all.length), 0);
  await page.$eval("#id_a", (input) => (input.disabled = true));
  media.reset();
  await drop(page, "#id_a", [file("late.jpg")]);
  assert.equal(media.requests.length, 0);
});

test("an input inside its widget takes a drop once", async () => {
  await open(`<div class="cloudinary-widget" data-cloudinary-widget>${field(media)}</div>`);
  await drop(page, INPUT, [file("a.jpg")]);
  await says("a.jpg is uploaded");
  assert.deepEqual((await seen()).filter(({ name }) => name === "fileuploadadd").length, 1);
});

test("progress moves, can be cancelled, and the field starts afresh", async () => {
  await open(field(media, "image", { required: "", "data-max-chunk-size": "50000" }));
  media.script = [{}, {}, { delay: 5000 }];
  await choose(file("a.jpg", 200_000));
  await says("Uploading a.jpg…");
  const bar = page.locator("progress");
  assert.equal(await bar.getAttribute("aria-label"), "Uploading a.jpg…");
  await page.waitForFunction(() => document.querySelector("progress").value >= 50);
  await page.focus("text=Cancel");
  await page.keyboard.press("Enter");
  await says("The upload was cancelled.");
  await page.waitForFunction(() => window.seen.some(({ name }) => name === "cloudinarystop"));
  assert.equal(await bar.isVisible(), false);
  assert.deepEqual(await hidden(), []);
  assert.deepEqual(await chosen(), []);
  assert.equal(await page.$eval(INPUT, (input) => input.required && document.activeElement === input), true);
  media.script = [];
  await choose(file("b.jpg"));
  await says("b.jpg is uploaded");
});

test("two fields on a page do not disturb each other", async () => {
  await open(field(media, "cover") + field(media, "back"));
  media.script = [{ delay: 300 }];
  await choose(file("c.jpg"), "#id_cover");
  await choose(file("b.jpg"), "#id_back");
  await says("c.jpg is uploaded");
  await says("b.jpg is uploaded");
  assert.deepEqual((await hidden()).map(([name]) => name).sort(), ["back", "cover"]);
});

test("a form submitted while uploading waits, and goes with the identifier but without the file", async () => {
  await open(`${field(media, "image", { required: "" })}<button name="action" value="publish">Publish</button>`);
  await page.evaluate(() => document.addEventListener("submit", () => (window.submitted = true), true));
  media.script = [{ delay: 400 }];
  await choose(file("a.jpg"));
  await page.click("text=Publish");
  await says("The form will be sent as soon as the upload is done.");
  assert.equal(app.posts.length, 0);
  assert.equal(await page.evaluate(() => window.submitted), undefined, "the page does not take it for sent");
  await page.waitForURL("**/photos");
  assert.equal(app.posts.length, 1);
  assert.match(app.posts[0], /name="image"\r\n\r\nimage\/upload\/v1372180830\/photo_\d+\.jpg#signature/);
  assert.match(app.posts[0], /name="action"\r\n\r\npublish/, "the button counts");
  assert.match(app.posts[0], /name="file"; filename=""/);
});

test("a form submitted while uploading stays when the upload fails or is cancelled; then it can be sent", async () => {
  for (const fails of [true, false]) {
    await open(field(media, "image"));
    media.script = [{ delay: 400, status: 400, body: { error: { message: "Invalid image file" } } }];
    await choose(file("a.jpg"));
    await page.click("text=Save");
    if (fails) await says("Invalid image file", ".cloudinary-error");
    else await page.click("text=Cancel");
    await page.waitForFunction(() => window.seen.some(({ name }) => name === "cloudinarystop"));
    assert.equal(app.posts.length, 0);
    await page.click("text=Save");
    await page.waitForURL("**/photos");
    assert.match(app.posts[0], fails ? /name="file"; filename="a.jpg"/ : /name="file"; filename=""/);
    assert.doesNotMatch(app.posts[0], /name="image"/);
  }
});

test("the boxes of files that are kept become the script's list", async () => {
  const box = (name, checked) =>
    `<label class="cloudinary-kept"><input type="checkbox" name="image" value="image/upload/v1/${name}#sig" ${checked} data-cloudinary-thumbnail="${media.origin}/sample.jpg"> Keep</label>`;
  await open(field(media, "image", { multiple: "" }, box("a.jpg", "checked") + box("b.jpg", "") + box("c.jpg", "checked")));
  assert.equal(await page.locator(".cloudinary-kept").count(), 0);
  assert.deepEqual(await page.locator(".cloudinary-name").allTextContents(), ["a.jpg", "c.jpg"]);
  await page.click("[aria-label='Remove a.jpg']");
  await page.click("text=Save");
  await page.waitForURL("**/photos");
  assert.match(app.posts[0], /image\/upload\/v1\/c.jpg#sig/);
  assert.doesNotMatch(app.posts[0], /[ab]\.jpg#sig/);
});

test("a value that the page came with is shown, can be replaced, and removed", async () => {
  const value = "image/upload/v1/sample.jpg#sig";
  const rendered = `<input type="hidden" name="image" value="${value}" data-cloudinary-thumbnail="${media.origin}/sample.jpg">`;
  const picture = (name) => `<span class="cloudinary-kept" data-cloudinary-kept="${name}">${name}.jpg</span>`;
  await open(field(media, "image", { required: "" }, rendered + picture("image") + picture("other")));
  assert.deepEqual(await page.locator(".cloudinary-kept").allTextContents(), ["other.jpg"], "its own makes way");
  assert.equal(await page.textContent(".cloudinary-name"), "sample.jpg");
  assert.equal(await page.getAttribute(".cloudinary-thumbnail", "src"), `${media.origin}/sample.jpg`);
  assert.equal(await page.$eval(INPUT, ({ required }) => required), false);
  media.script = [{ status: 400, body: { error: { message: "Invalid image file" } } }];
  await choose(file("bad.jpg"));
  await says("Invalid image file", ".cloudinary-error");
  assert.deepEqual(await hidden(), [["image", value]], "a failure leaves it");
  assert.deepEqual(await chosen(), [], "what is shown is what is sent");
  await page.click(".cloudinary-retry");
  await says("bad.jpg is uploaded");
  assert.equal((await hidden()).length, 1);
  await page.click("text=Remove");
  assert.deepEqual(await hidden(), [["image", ""]]);
  assert.equal(await page.$eval(INPUT, ({ required }) => required), true);
});

test("replace opens the file chooser", async () => {
  await open(field(media));
  await choose(file("a.jpg"));
  const chooser = page.waitForEvent("filechooser");
  await page.click("text=Replace");
  await (await chooser).setFiles(file("b.jpg"));
  await says("b.jpg is uploaded");
});

/** A file chooser that a key opens. On a busy machine, a browser without a window passes over one now and then. */
async function chooserByKey(selector) {
  for (let left = 4; ; left--) {
    await page.bringToFront(); // a page behind others opens no chooser
    await page.focus(selector);
    const chooser = page.waitForEvent("filechooser", { timeout: 5000 });
    chooser.catch(() => {}); // told below
    await page.evaluate(() => document.activeElement.tagName); // by now the browser knows that it is waited for
    await page.keyboard.press("Space");
    try {
      return await chooser;
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

test("it works by keyboard, and the focus is never lost", async () => {
  await open(field(media));
  await (await chooserByKey(INPUT)).setFiles(file("a.jpg"));
  await says("a.jpg is uploaded");
  const focused = () => page.evaluate(() => document.activeElement.textContent || document.activeElement.tagName);
  await page.waitForFunction(() => window.seen.some(({ name }) => name === "cloudinarystop"));
  assert.equal(await focused(), "Replace");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Remove");
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "INPUT");
  assert.equal(await page.locator(INPUT).isVisible(), true);
  assert.deepEqual(await hidden(), []);
});

test("file names are text, and fit a phone", async () => {
  await page.setViewportSize({ width: 390, height: 700 });
  await open(field(media, "image", { "data-max-chunk-size": "500" }));
  const name = `<img src=x onerror=alert(1)> "Zoë" ${"long".repeat(40)}.jpg`;
  media.script = [{ status: 400, body: { error: { message: `<b>${"long".repeat(40)}</b>` } } }];
  await choose(file(name));
  await says(name, ".cloudinary-error");
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok((await width()) <= 390);
  await page.click(".cloudinary-retry");
  await says(`${name} is uploaded.`);
  assert.ok((await width()) <= 390);
  assert.equal(media.requests.at(-1).headers["content-disposition"], `attachment; filename="${encodeURI(name)}"`);
  assert.equal(await page.getAttribute(".cloudinary-remove", "aria-label"), `Remove ${name}`);
  assert.equal(await page.locator(".cloudinary-widget img, .cloudinary-widget b").count(), 1, "the thumbnail");
});

test("fields added later are found, and a widget of the page's own is used", async () => {
  await open(`<div id="place"></div>`);
  await page.$eval("#place", (place, html) => (place.innerHTML = html), `${field(media)}<div class="cloudinary-widget" data-cloudinary-widget></div>`);
  await page.locator(".cloudinary-hint").waitFor();
  assert.equal(await page.locator(".cloudinary-widget").count(), 1);
  await page.evaluate(() => window.Cloudinary.bind());
  assert.equal(await page.locator(".cloudinary-hint").count(), 1, "bound once");
  await choose(file("a.jpg"));
  await says("a.jpg is uploaded");
});

test("an input that says not where to upload, or says it wrong, stays a plain one and tells the console", async () => {
  for (const attributes of [{ "data-url": null }, { "data-form-data": "{" }]) {
    const errors = [];
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await open(field(media, "image", attributes));
    await choose(file("a.jpg"));
    await page.click("text=Save");
    await page.waitForURL("**/photos");
    assert.match(app.posts[0], /name="file"; filename="a.jpg"/);
    assert.match(errors.join(), /stays a plain file input/);
  }
});

test("without the script the form posts the file itself", async () => {
  await open(field(media, "image", { required: "" }), []);
  await choose(file("a.jpg"));
  await page.click("text=Save");
  await page.waitForURL("**/photos");
  assert.match(app.posts[0], /name="file"; filename="a.jpg"/);
  assert.equal(media.requests.length, 0);
});
