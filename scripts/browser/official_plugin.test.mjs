// The official jQuery plugin on the very same page, side by side with static/cloudinary.js.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { file, launch, recordEvents } from "./browser.mjs";
import { MediaServer } from "./media_server.mjs";
import { field, PageServer, PARAMETERS } from "./page_server.mjs";

const JQUERY = "/vendor/jquery/dist/jquery.js";
const PLUGIN = [
  JQUERY, "/vendor/blueimp-file-upload/js/vendor/jquery.ui.widget.js",
  "/vendor/blueimp-file-upload/js/jquery.iframe-transport.js", "/vendor/blueimp-file-upload/js/jquery.fileupload.js",
  "/vendor/cloudinary-jquery-file-upload/cloudinary-jquery-file-upload.js",
];
const OURS = [JQUERY, "/static/cloudinary.js"];
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

/** Chooses the files on a fresh page and tells what was sent, what was fired and what the form holds then. */
async function run(scripts, { attributes = {}, files, script = [], hidden = "", options = {} }) {
  media.reset();
  media.script = [...script];
  app.render(field(media, "image", attributes, hidden), scripts);
  const page = await browser.newPage();
  await page.goto(app.origin);
  await recordEvents(page);
  if (scripts.includes(PLUGIN.at(-1))) {
    await page.evaluate((given) => window.jQuery("input.cloudinary-fileupload[type=file]").cloudinary_fileupload(given), options);
  }
  await page.setInputFiles("input[type=file]", files);
  await page.waitForFunction(() => window.seen.some(({ name }) => name === "cloudinarystop"));
  const events = await page.evaluate(() => window.seen);
  const values = await page.$$eval("form input[type=hidden]", (inputs) => inputs.map(({ name, value }) => [name, value]));
  await page.close();
  return { requests: media.requests, preflights: media.preflights, events, values };
}

/** Requests without what differs from run to run; a random id becomes whether there is one. */
const comparable = ({ url, headers, fields, file: part }) => ({
  url, fields, part,
  headers: ["x-requested-with", "content-range", "content-disposition"].map((name) => headers[name]),
  identified: Boolean(headers["x-unique-upload-id"]),
});
const withoutNumbers = (values) => values.map(([name, value]) => [name, value.replace(/(photo_|#signature)\d+/g, "$1")]);
/** How often progress is told is up to the network: only its last is compared. */
const order = (events) => {
  const told = events.map(({ name }) => name);
  return told.filter((name, at) => !name.includes("progress") || told.lastIndexOf(name) === at);
};

async function both(scenario) {
  const [theirs, ours] = [await run(PLUGIN, scenario), await run(OURS, scenario)];
  assert.deepEqual(ours.requests.map(comparable), theirs.requests.map(comparable));
  assert.deepEqual(withoutNumbers(ours.values), withoutNumbers(theirs.values));
  assert.deepEqual(new Set(ours.preflights), new Set(theirs.preflights));
  return { theirs, ours };
}

const facts = ({ events }, name) => {
  const { path, loaded, total, textStatus, message, file: filename } = events.find((event) => event.name === name);
  return { path: path?.replace(/photo_\d+/, "photo"), loaded, total, textStatus, message, filename };
};

test("one file", async () => {
  const { theirs, ours } = await both({ files: file("my pic.jpg") });
  assert.deepEqual(order(ours.events), order(theirs.events));
  assert.deepEqual(facts(ours, "cloudinarydone"), facts(theirs, "cloudinarydone"));
  assert.equal(ours.values.length, 1);
});

test("over a value that the form came with", async () => {
  const { ours } = await both({ files: file("a.jpg"), hidden: '<input type="hidden" name="image" value="image/upload/v1/old.jpg#s">' });
  assert.equal(ours.values.length, 1);
});

test("in chunks", async () => {
  const { theirs, ours } = await both({ files: file("my pic.jpg", 150_000), attributes: { "data-max-chunk-size": "60000" } });
  assert.equal(ours.requests.length, 3);
  const withoutProgress = ({ events }) => order(events).filter((name) => !name.includes("progress"));
  assert.deepEqual(withoutProgress(ours), withoutProgress(theirs));
});

test("several files", async () => {
  // The plugin sends them at once, ours one after the other: the same events, in another order.
  const scenario = { files: [file("a.jpg"), file("b.jpg")], attributes: { multiple: "" }, options: { sequentialUploads: true } };
  const { theirs, ours } = await both(scenario);
  const told = ({ events }) => events.map(({ name }) => name).filter((name) => !name.includes("progress")).sort();
  assert.deepEqual(told(ours), told(theirs));
  assert.equal(ours.values.length, 2);
});

test("errors", async () => {
  const body = { error: { message: "Invalid image file" } };
  for (const [step, name] of [[{ status: 400, body }, "cloudinaryfail"], [{ status: 200, body }, "fileuploaddone"], [{ drop: true }, "cloudinaryfail"]]) {
    const { theirs, ours } = await both({ files: file("a.jpg"), script: [step] });
    assert.deepEqual(order(ours.events).filter((each) => !each.includes("progress")), order(theirs.events).filter((each) => !each.includes("progress")));
    assert.deepEqual(facts(ours, name).message, facts(theirs, name).message);
    assert.deepEqual(facts(ours, name).textStatus, facts(theirs, name).textStatus);
    assert.deepEqual(ours.values, []);
  }
});

test("where the plugin has an input, our script leaves it alone", async () => {
  const { requests, values } = await run([...PLUGIN, "/static/cloudinary.js"], { files: file("a.jpg") });
  assert.equal(requests.length, 1);
  assert.equal(values.length, 1);
});

test("the plugin's iframe transport reads the answer from the CORS page", async () => {
  const attributes = { "data-form-data": JSON.stringify({ ...PARAMETERS, callback: `${app.origin}/static/cloudinary_cors.html` }) };
  const options = { forceIframeTransport: true, initialIframeSrc: "about:blank" }; // its own, javascript:false, breaks the policy
  const { requests, events, values } = await run(PLUGIN, { files: file("a & b=c.jpg"), attributes, options });
  assert.equal(requests[0].headers["x-requested-with"], undefined);
  assert.match(values[0][1], /^image\/upload\/v1372180830\/photo_\d+\.jpg#signature\d+$/);
  assert.equal(events.some(({ name }) => name === "cloudinarydone"), true);
});

test("the CORS page shows its query as JSON, and nothing of it as HTML", async () => {
  const page = await browser.newPage();
  const cases = [
    ["", {}],
    ["?public_id=a%20b%3Dc%26d&version=1", { public_id: "a b=c&d", version: "1" }],
    ["?a=1+2&empty=&flag&x=a=b", { a: "1+2", empty: "", flag: "", x: "a=b" }],
    ["?tags%5B%5D=a&tags%5B%5D=b", { "tags[]": "b" }],
    ["?bad=%E0%A4%A&worse%=100%", { bad: "%E0%A4%A", "worse%": "100%" }],
    ["?a=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E", { a: "<img src=x onerror=alert(1)>" }],
    ["?error=Invalid%20image%20file&&", { error: "Invalid image file" }],
  ];
  for (const [query, expected] of cases) {
    await page.goto(`${app.origin}/static/cloudinary_cors.html${query}`);
    assert.deepEqual(JSON.parse(await page.textContent("body")), expected);
    assert.equal(await page.evaluate(() => document.body.childElementCount), 0);
  }
  await page.goto(`${app.origin}/static/cloudinary_cors.html?__proto__=x`);
  assert.equal(await page.textContent("body"), '{"__proto__":"x"}');
  await page.close();
});
