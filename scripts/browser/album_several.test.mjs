// Several photos at once, and a picture that may be there or not: the album as a visitor uses it.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { Album, made, photo, pictures, titles } from "./album.mjs";
import { launch, recordEvents } from "./browser.mjs";

const SERVER = 'form[action*="form=server"]';
const DIRECT = 'form[action*="form=direct"]';
const THREE = [photo("fig.jpg"), photo("espresso.png"), photo("cat.jpg")];
/** Width and height of their originals, in order. */
const SIZES = [[1400, 947], [423, 386], [451, 300]];
let browser, album, page, complaints, sent;

before(async () => {
  browser = await launch();
  album = await new Album().start();
  await fetch(`${album.origin}/samples`, { method: "POST" });
});
after(async () => {
  const { said } = album;
  await browser.close();
  await album.discard();
  assert.equal(said.stderr, "");
});
beforeEach(() => visit());
afterEach(async () => {
  await page.context().close();
  assert.deepEqual(complaints, []);
});

async function visit(options = {}) {
  await page?.context().close();
  [complaints, sent] = [[], 0];
  page = await (await browser.newContext(options)).newPage();
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("request", (request) => request.method() === "POST" && request.url().startsWith(album.media) && (sent += 1));
}
const open = (path) => page.goto(album.origin + path);
const says = (text, within = "body") => page.locator(within).getByText(text).first().waitFor();
const submit = (form) => Promise.all([page.waitForEvent("domcontentloaded"), page.click(`${form} button[type=submit]`)]);
const due = (status) => {
  assert.ok(complaints.length && complaints.every((text) => text.includes(`status of ${status}`)), `${status}: ${complaints}`);
  complaints = [];
};

/** The newest photos of the list are these, in this order: their titles, and the sizes of their originals. */
async function added(names, sizes) {
  await says("in the album.");
  assert.deepEqual((await titles(page)).slice(0, names.length), names);
  const shown = await page.$$eval(".photo-card img", (all, count) => all.slice(0, count).map(({ src }) => src), names.length);
  const found = [];
  for (const address of shown) {
    const original = await page.context().newPage();
    await original.goto(address.replace(/\/upload\/[^/]+\//, "/upload/"));
    found.push(...(await pictures(original, "img")));
    await original.close();
  }
  assert.deepEqual(found, sizes);
}

for (const [way, form, path, options] of [
  ["through the server, without JavaScript", SERVER, "/upload", { javaScriptEnabled: false }],
  ["through the server", SERVER, "/upload", {}],
  ["by the direct field, without JavaScript", DIRECT, "/upload", { javaScriptEnabled: false }],
]) {
  test(`three photos at once, ${way}, in the order in which they were chosen`, async () => {
    await visit(options);
    await open(path);
    await page.fill(`${form} input[name=title]`, way);
    await page.setInputFiles(`${form} input[type=file]`, THREE);
    await submit(form);
    await added([1, 2, 3].map((at) => `${way} (${at})`), SIZES);
  });
}

for (const [way, path] of [["signed", "/upload"], ["unsigned", "/upload?mode=unsigned"]]) {
  test(`three photos straight from the browser, ${way}: progress and a thumbnail of each, in their order`, async () => {
    await open(path);
    await recordEvents(page);
    await page.fill(`${DIRECT} input[name=title]`, `Direct, ${way}`);
    await page.setInputFiles(`${DIRECT} input[type=file]`, THREE);
    await says("cat.jpg is uploaded.", DIRECT);
    const events = await page.evaluate(() => window.seen);
    const order = (name) => events.filter((event) => event.name === name).map(({ file }) => file);
    assert.deepEqual(order("cloudinarydone"), THREE.map(({ name }) => name));
    for (const { name } of THREE) assert.ok(order("cloudinaryprogress").includes(name), `progress of ${name}`);
    const whole = events.filter(({ name }) => name === "cloudinaryprogressall").at(-1);
    assert.equal(whole.loaded, THREE.reduce((sum, { buffer }) => sum + buffer.length, 0), "of all of them together");
    assert.deepEqual(await pictures(page, ".cloudinary-thumbnail"), Array(3).fill([150, 100]));
    await submit(DIRECT);
    await added([1, 2, 3].map((at) => `Direct, ${way} (${at})`), SIZES);
    assert.equal(sent, 3);
  });
}

test("of photos that are uploaded, one can be taken away again, and one more be chosen", async () => {
  await open("/upload");
  await page.fill(`${DIRECT} input[name=title]`, "Chosen");
  await page.setInputFiles(`${DIRECT} input[type=file]`, THREE.slice(0, 2));
  await says("espresso.png is uploaded.", DIRECT);
  await page.click("[aria-label='Remove fig.jpg']");
  await page.setInputFiles(`${DIRECT} input[type=file]`, THREE[2]);
  await says("cat.jpg is uploaded.", DIRECT);
  await submit(DIRECT);
  await added(["Chosen (1)", "Chosen (2)"], SIZES.slice(1));
});

test("a bad one among good ones is named, and the good ones are kept", async () => {
  for (const [form, options] of [[SERVER, {}], [DIRECT, { javaScriptEnabled: false }]]) {
    await visit(options);
    await open("/upload");
    await page.fill(`${form} input[name=title]`, "Some");
    const files = [THREE[0], made("notes.jpg", "These are words."), THREE[1], made("empty.jpg", "")];
    await page.setInputFiles(`${form} input[type=file]`, files);
    await submit(form);
    due(422);
    const error = await page.textContent(`${form} .field-error`);
    assert.match(error, /^notes\.jpg: .*not an image.*\nempty\.jpg: .*empty/);
    assert.equal(await page.locator(`${form} .cloudinary-kept img`).count(), 2);
    await page.setInputFiles(`${form} input[type=file]`, THREE[2]);
    await submit(form);
    await added(["Some (1)", "Some (2)", "Some (3)"], [SIZES[0], SIZES[1], SIZES[2]]);
  }
});

test("one of several that are kept is let go of by its box", async () => {
  for (const form of [SERVER, DIRECT]) {
    await visit({ javaScriptEnabled: false });
    await open("/upload");
    await page.setInputFiles(`${form} input[type=file]`, THREE);
    await submit(form);
    due(422); // for want of a title
    const boxes = page.locator(`${form} .cloudinary-kept input`);
    assert.equal(await boxes.count(), 3);
    await boxes.nth(1).uncheck();
    await page.fill(`${form} input[name=title]`, "Two of three");
    await submit(form);
    await added(["Two of three (1)", "Two of three (2)"], [SIZES[0], SIZES[2]]);
  }
});

test("a bad one among good ones, straight from the browser: the others go on", async () => {
  await open("/upload");
  await page.fill(`${DIRECT} input[name=title]`, "Others");
  await page.setInputFiles(`${DIRECT} input[type=file]`, [THREE[0], made("notes.jpg", "These are words."), THREE[2]]);
  await page.locator(`${DIRECT} .cloudinary-error`, { hasText: "notes.jpg was refused" }).waitFor();
  await page.locator(".cloudinary-thumbnail >> nth=1").waitFor();
  due(400);
  // What failed would go with the form, to be refused again: the visitor takes it out.
  await page.setInputFiles(`${DIRECT} input[type=file]`, []);
  await submit(DIRECT);
  await added(["Others (1)", "Others (2)"], [SIZES[0], SIZES[2]]);
});

test("eleven are one too many, and ten are kept", async () => {
  await open("/upload");
  await page.fill(`${SERVER} input[name=title]`, "Many");
  await page.setInputFiles(`${SERVER} input[type=file]`, Array.from({ length: 11 }, (_, at) => photo("cat.jpg", `cat${at}.jpg`)));
  await submit(SERVER);
  due(422);
  assert.equal(await page.textContent(`${SERVER} .field-error`), "Choose at most 10 files.");
  assert.equal(await page.locator(`${SERVER} .cloudinary-kept img`).count(), 10);
});

test("of eleven straight from the browser, the last is left out before it is sent", async () => {
  await open("/upload");
  await page.fill(`${DIRECT} input[name=title]`, "Ten");
  await page.setInputFiles(`${DIRECT} input[type=file]`, Array.from({ length: 11 }, (_, at) => photo("cat.jpg", `cat${at}.jpg`)));
  await page.locator(`${DIRECT} .cloudinary-error`, { hasText: "cat10.jpg was left out. At most 10 files are allowed." }).waitFor();
  await says("cat9.jpg is uploaded.", DIRECT);
  assert.equal(sent, 10);
  // With one taken away there is room again.
  await page.click("[aria-label='Remove cat3.jpg']");
  await page.setInputFiles(`${DIRECT} input[type=file]`, photo("fig.jpg"));
  await says("fig.jpg is uploaded.", DIRECT);
  await submit(DIRECT);
  await says("in the album.");
  assert.deepEqual((await titles(page)).slice(0, 10), Array.from({ length: 10 }, (_, at) => `Ten (${at + 1})`));
});

for (const [way, javaScriptEnabled] of [["with", true], ["without", false]]) {
  test(`the cover is added, replaced and removed, ${way} JavaScript`, async () => {
    await visit({ javaScriptEnabled });
    const choose = async (file) => {
      await page.setInputFiles("input[type=file]", file);
      if (javaScriptEnabled) await says(`${file.name} is uploaded.`);
    };
    const save = async (text) => {
      await page.click("text=Save");
      await says(text);
    };
    const gone = async (address) => {
      for (let tries = 0; tries < 100; tries += 1) {
        if ((await fetch(address)).status === 404) return;
        await new Promise((done) => setTimeout(done, 200));
      }
      assert.fail(`${address} is still there`);
    };
    await open("/");
    assert.equal(await page.locator(".cover").count(), 0);
    await page.click("text=Add a cover");
    assert.equal(await page.locator("input[type=checkbox]").count(), 0, "there is nothing to remove");
    await save("The cover is changed."); // nothing chosen
    assert.equal(await page.locator(".cover").count(), 0);

    await page.click("text=Add a cover");
    await choose(photo("dandelions.jpg"));
    await save("The cover is changed.");
    assert.deepEqual(await pictures(page, ".cover img"), [[1600, 400]]);
    const first = await page.getAttribute(".cover img", "src");

    await page.click("text=Change the cover");
    await save("The cover is changed.");
    assert.equal(await page.getAttribute(".cover img", "src"), first, "nothing chosen leaves it as it is");
    await page.click("text=Change the cover");
    await choose(photo("fig.jpg"));
    await save("The cover is changed.");
    const second = await page.getAttribute(".cover img", "src");
    assert.notEqual(second, first);
    await gone(first);

    await page.click("text=Change the cover");
    await page.check("text=Remove");
    await save("The cover is changed.");
    assert.equal(await page.locator(".cover").count(), 0);
    await gone(second);
    // A bad file, and the box with it: the form comes back with both said, and the album is as it was.
    await page.click("text=Add a cover");
    await page.setInputFiles("input[type=file]", made("notes.jpg", "These are words."));
    if (javaScriptEnabled) await says("notes.jpg was refused");
    await page.click("text=Save");
    await says(/not an image/);
    complaints = complaints.filter((text) => !/status of (400|422)/.test(text));
  });
}
