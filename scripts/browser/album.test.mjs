// The photo album as a visitor uses it, with JavaScript and without.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { crc32, deflateSync } from "node:zlib";
import { Album, dropFile, made, photo, pictures, titles } from "./album.mjs";
import { launch, recordEvents } from "./browser.mjs";

const SERVER = 'form[action*="form=server"]';
const DIRECT = 'form[action*="form=direct"]';
const ROUTES = [["server", SERVER, "/upload"], ["signed", DIRECT, "/upload"], ["unsigned", DIRECT, "/upload?mode=unsigned"]];
const TOO_LARGE = 10 * 1024 * 1024 + 1;
/** A slow line, so that an upload lasts: bytes per second. */
const SLOW = 400_000;
let browser, album, page, complaints, sent;

before(async () => {
  browser = await launch();
  album = await new Album().start();
});
after(async () => {
  const { said } = album;
  await browser.close();
  await album.discard();
  assert.equal(said.stderr, "", "the album has nothing to complain of");
});
beforeEach(async () => {
  complaints = []; // of the browser: violations of the policy, errors, files that are not there
  page = await visit();
});
afterEach(async () => {
  await page.context().close();
  assert.deepEqual(complaints, []);
});

/** A new page; the requests that it sends to the media server to store something go to `sent`. */
async function visit(options = {}) {
  const context = await browser.newContext(options);
  const made = await context.newPage();
  sent = [];
  made.on("pageerror", (error) => complaints.push(String(error)));
  made.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
  made.on("request", (request) => request.method() === "POST" && request.url().startsWith(album.media) && sent.push(request.url()));
  return made;
}
async function revisit(options) {
  await page.context().close();
  page = await visit(options);
}
const withoutJavaScript = () => revisit({ javaScriptEnabled: false });

/** The browser logs every answer that is none of 2xx; here it was due. */
function due(status) {
  assert.ok(complaints.some((text) => text.includes(`status of ${status}`)), `${status} was due: ${complaints}`);
  complaints = complaints.filter((text) => !text.includes(`status of ${status}`));
}

const open = (path) => page.goto(album.origin + path);
const says = (text, within = "body") => page.locator(within).getByText(text).first().waitFor();
/** The signed references in the direct form; each upload has a hidden input of its own, behind the page's empty one. */
const values = () => page.$$eval(`${DIRECT} input[type=hidden][name=image]`, (all) => all.map((each) => each.value).filter(Boolean));
const value = async () => (await values()).at(-1) ?? "";
/** Puts a text where the script leaves the reference or, by a name, into another hidden input. */
const put = (text, name = "image") => page.$$eval(`${DIRECT} input[type=hidden][name="${name}"]`,
  (all, given) => ((all.find((each) => each.value) ?? all[0]).value = given), text);
const submit = (form) => Promise.all([page.waitForEvent("domcontentloaded"), page.click(`${form} button[type=submit]`)]);
async function fill(form, title, file) {
  await page.fill(`${form} input[name=title]`, title);
  if (file) await page.setInputFiles(`${form} input[type=file]`, file);
}
/** Chooses a file in the direct form and waits until the script has stored it. */
async function upload(title, file) {
  await fill(DIRECT, title, file);
  await says(`${file.name} is uploaded.`, DIRECT);
}
/** The newest photo of the list has this title, and its picture is there. */
async function added(title) {
  assert.equal(new URL(page.url()).pathname, "/");
  await says("The photo is in the album.");
  assert.equal((await titles(page))[0], title);
  const [[width, height]] = await pictures(page, ".photo-card img");
  assert.deepEqual([width, height], [480, 320]);
}
/** The form is shown again with an error beside the field; what was typed is kept, and the list is as it was. */
async function refused(form, field, text, { status = 422, title } = {}) {
  due(status);
  const beside = page.locator(`${form} .field`, { has: page.locator(`input[name=${field}]`) }).locator(".field-error");
  assert.match(await beside.textContent(), text);
  if (title !== undefined) assert.equal(await page.inputValue(`${form} input[name=title]`), title);
  const other = form === SERVER ? DIRECT : SERVER;
  assert.equal(await page.locator(`${other} .field-error`).count(), 0, "the other form has nothing wrong");
}
async function listed() {
  const html = await (await fetch(album.origin)).text();
  return [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title);
}
/** Nothing is in the list and nothing on the media server that was not there before. */
async function nothingAdded(act) {
  const [list, stored] = [await listed(), album.stored()];
  await act();
  assert.deepEqual([await listed(), album.stored()], [list, stored]);
}

/** A file name's worth of bad files, and what the form says of each. */
const BAD = [
  [made("notes.jpg", "These are words."), /not an image, or it is damaged/],
  [{ ...photo("fig.jpg", "half.jpg"), buffer: photo("fig.jpg").buffer.subarray(0, 100_000) }, /not an image, or it is damaged/],
  [made("empty.jpg", ""), /is empty/],
  [{ ...photo("cat.jpg", "large.jpg"), buffer: Buffer.concat([photo("cat.jpg").buffer, Buffer.alloc(TOO_LARGE)]) }, /too large.*10 MB/, 413],
  [made("page.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "image/svg+xml"), /one of these formats/],
  [made("bitmap.jpg", bitmap()), /one of these formats/],
  [made("huge.png", claims(100_000), "image/png"), /too many pixels|Megapixels/],
];

/** A real BMP of two by two pixels. */
function bitmap() {
  const bytes = Buffer.alloc(70);
  bytes.write("BM");
  for (const [at, number] of [[2, 70], [10, 54], [14, 40], [18, 2], [22, 2], [34, 16]]) bytes.writeUInt32LE(number, at);
  for (const [at, number] of [[26, 1], [28, 24]]) bytes.writeUInt16LE(number, at);
  return bytes;
}

/** A PNG that says it is so many pixels wide and high. */
function claims(side) {
  const chunk = (name, content) => {
    const named = Buffer.concat([Buffer.from(name), content]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(Buffer.alloc(1000))), chunk("IEND", Buffer.alloc(0))]);
}

test("an empty album offers its sample photos, and loads them once", async () => {
  await open("/");
  await says("An empty album, ready when you are");
  await page.click("text=Load the sample photos");
  await says("The sample photos are in the album.");
  await says("9 photos");
  assert.equal((await titles(page)).length, 9);
  assert.deepEqual(await pictures(page, ".photo-card img"), Array(9).fill([480, 320]));
  const alts = await page.$$eval(".photo-card img", (images) => images.map(({ alt }) => alt));
  assert.deepEqual(alts, await titles(page));
  await page.request.post(`${album.origin}/samples`);
  assert.equal((await listed()).length, 9);
});

for (const [way, form, path] of ROUTES) {
  test(`without JavaScript, the ${way} form stores a photo`, async () => {
    await withoutJavaScript();
    await open(path);
    await fill(form, `Spaniels, ${way}`, photo("spaniels.jpg"));
    await submit(form);
    await added(`Spaniels, ${way}`);
    await page.click("text=More transformations >> nth=0");
    assert.deepEqual(await pictures(page, ".photo-picture img"), [[599, 900]], "upright, as its EXIF says");
  });
}

test("the server form stores a photo", async () => {
  await open("/upload");
  await fill(SERVER, 'Through <the> "server" & back', photo("espresso.png", "kaffee ünd ☕.png"));
  await submit(SERVER);
  await added('Through <the> "server" & back');
  assert.deepEqual(sent, [], "the photo goes through the app");
});

for (const [way, path] of [["signed", "/upload"], ["unsigned", "/upload?mode=unsigned"]]) {
  test(`the direct form, ${way}: progress, thumbnail, hidden value, list`, async () => {
    await open(path);
    await recordEvents(page);
    const network = await page.context().newCDPSession(page);
    await network.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: SLOW });
    await fill(DIRECT, `Direct, ${way}`, photo("fig.jpg", "a ripe fig.jpg"));
    await says("Uploading a ripe fig.jpg…", DIRECT);
    assert.equal(await page.locator(`${DIRECT} progress`).isVisible(), true);
    await says("a ripe fig.jpg is uploaded.", DIRECT);
    const progress = await page.evaluate(() => window.seen.filter(({ name }) => name === "cloudinaryprogress"));
    assert.ok(progress.some(({ loaded, total }) => loaded > 0 && loaded < total), "it is told on the way");
    assert.equal(await page.locator(`${DIRECT} progress`).isVisible(), false);
    assert.deepEqual(await pictures(page, ".cloudinary-thumbnail"), [[150, 100]]);
    assert.match(await value(), /^image\/upload\/v\d+\/\w{20}\/\w+\.jpg#[0-9a-f]+$/); // the ticket's name is a part of the id
    assert.equal(sent.length, 1);
    const posted = page.waitForRequest((request) => request.url().startsWith(`${album.origin}/photos`));
    await submit(DIRECT);
    assert.ok(!(await posted).postDataBuffer()?.includes("JFIF"), "the photo itself does not pass the app");
    await added(`Direct, ${way}`);
    assert.equal(sent.length, 1);
  });
}

test("a photo dropped on the direct form is uploaded", async () => {
  await open("/upload");
  await page.fill(`${DIRECT} input[name=title]`, "Dropped");
  await dropFile(page, "[data-cloudinary-dropzone]", photo("dahlia.gif"));
  await says("dahlia.gif is uploaded.", DIRECT);
  await submit(DIRECT);
  await added("Dropped");
  await page.click("text=More transformations >> nth=0");
  assert.equal(await page.textContent(".details dd >> nth=0"), "gif");
});

test("a form sent while its photo is on the way waits for it", async () => {
  await open("/upload");
  const network = await page.context().newCDPSession(page);
  await network.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: SLOW });
  await fill(DIRECT, "In a hurry", photo("fig.jpg"));
  await says("Uploading fig.jpg…", DIRECT);
  await submit(DIRECT);
  await added("In a hurry");
  assert.equal(sent.length, 1);
});

test("a missing title: the error stands beside it, the photo is kept and not sent again", async () => {
  await open("/upload");
  await upload("", photo("cat.jpg"));
  const uploaded = (await value()).split("#")[0];
  await submit(DIRECT);
  await refused(DIRECT, "title", /required/);
  assert.equal(await page.evaluate(() => document.activeElement.id), "title_direct");
  assert.deepEqual(await pictures(page, ".cloudinary-thumbnail"), [[150, 100]]);
  assert.equal((await value()).split("#")[0], uploaded);
  await page.fill(`${DIRECT} input[name=title]`, "The second try");
  await submit(DIRECT);
  await added("The second try");
  assert.equal(sent.length, 1, "one upload for two submits");
  const source = await page.getAttribute(".photo-card img >> nth=0", "src");
  assert.ok(source.endsWith(uploaded.replace("image/upload", "")), source);
});

for (const [way, form, path] of ROUTES) {
  test(`without JavaScript, the ${way} form keeps the photo when the title is missing`, async () => {
    await withoutJavaScript();
    await open(path);
    await fill(form, " ", photo("cat.jpg"));
    await submit(form);
    await refused(form, "title", /required/);
    await says("What you chose is kept.", form);
    assert.deepEqual(await pictures(page, `${form} .cloudinary-kept img`), [[150, 100]]);
    const [uploaded] = (await page.inputValue(`${form} .cloudinary-kept input[name=image]`)).split("#");
    const stored = album.stored();
    await page.fill(`${form} input[name=title]`, `Kept, ${way}`);
    assert.equal(await page.$eval(`${form} input[type=file]`, ({ files }) => files.length), 0, "nothing to send again");
    await submit(form);
    await added(`Kept, ${way}`);
    const source = await page.getAttribute(".photo-card img >> nth=0", "src");
    assert.ok(source.endsWith(uploaded.replace("image/upload", "")), "the list shows the first upload");
    assert.deepEqual(album.stored(), stored);
  });
}

test("to a kept photo another can be added, or the form started again", async () => {
  await withoutJavaScript();
  await open("/upload");
  await fill(SERVER, "", photo("cat.jpg"));
  await submit(SERVER);
  await refused(SERVER, "title", /required/);
  await fill(SERVER, "Both", photo("dahlia.gif"));
  await submit(SERVER);
  await added("Both (1)");
  assert.equal((await titles(page))[1], "Both (2)");
  assert.match(await page.getAttribute(".photo-card img >> nth=1", "src"), /\.gif$/);
  await open("/upload");
  await fill(SERVER, "", photo("cat.jpg"));
  await submit(SERVER);
  due(422);
  await page.click("text=start again");
  await page.waitForURL(/upload$/);
  assert.equal(await page.locator(".cloudinary-kept").count(), 0);
});

test("no file: the error stands beside the field, the title is kept", async () => {
  for (const [, form, path] of ROUTES) {
    await nothingAdded(async () => {
      await open(path);
      await fill(form, "Without a photo");
      await submit(form);
      await refused(form, "image", /Choose a file/, { title: "Without a photo" });
    });
  }
});

test("a title of 201 characters is refused, and the field does not take it", async () => {
  await open("/upload");
  await page.$eval(`${SERVER} input[name=title]`, (input) => input.removeAttribute("maxlength"));
  await fill(SERVER, "ü".repeat(201), photo("cat.jpg"));
  await submit(SERVER);
  await refused(SERVER, "title", /at most 200 characters/, { title: "ü".repeat(201) });
  await page.fill(`${SERVER} input[name=title]`, "ü".repeat(200));
  await submit(SERVER);
  await added("ü".repeat(200));
});

test("bad files in the server form: the trouble is named, the title kept, nothing stored", async () => {
  await open("/upload");
  for (const [file, text, status] of BAD) {
    await nothingAdded(async () => {
      await fill(SERVER, file.name, file);
      await submit(SERVER);
      await refused(SERVER, "image", text, { status, title: file.name });
    });
  }
  await fill(SERVER, "After all that", photo("dandelions.jpg"));
  await submit(SERVER);
  await added("After all that");
});

test("bad files in the direct form, without JavaScript", async () => {
  await withoutJavaScript();
  await open("/upload");
  for (const [file, text, status] of BAD) {
    await nothingAdded(async () => {
      await fill(DIRECT, file.name, file);
      await submit(DIRECT);
      await refused(DIRECT, "image", text, { status, title: file.name });
    });
  }
});

for (const [way, path] of [["signed", "/upload"], ["unsigned", "/upload?mode=unsigned"]]) {
  test(`bad files in the ${way} direct form are refused at once`, async () => {
    const beforehand = { "empty.jpg": /is empty/, "large.jpg": /too large.*At most/, "page.svg": /wrong format.*jpg, png/ };
    await nothingAdded(async () => {
      await open(path);
      for (const [file] of BAD) {
        await fill(DIRECT, "Title", file);
        const error = page.locator(`${DIRECT} .cloudinary-error`, { hasText: file.name });
        await error.waitFor();
        const known = beforehand[file.name];
        assert.match(await error.textContent(), known ?? /was refused: \w+/);
        if (!known) due(400);
        assert.equal(await value(), "");
      }
      assert.equal(sent.length, BAD.length - Object.keys(beforehand).length, "what can be known beforehand is not sent");
    });
    await upload("A good one at last", photo("cat.jpg"));
    assert.equal(await page.locator(`${DIRECT} .cloudinary-error`).isVisible(), false);
    await submit(DIRECT);
    await added("A good one at last");
  });

  test(`what the ${way} script lets pass, the media server refuses`, async () => {
    await nothingAdded(async () => {
      for (const file of BAD.map(([each]) => each).filter(({ name }) => ["large.jpg", "page.svg"].includes(name))) {
        await open(path);
        await page.$eval(`${DIRECT} input[type=file]`, ({ dataset }) => {
          delete dataset.maxBytes;
          delete dataset.formats;
        });
        await fill(DIRECT, "Title", file);
        await page.locator(`${DIRECT} .cloudinary-error`, { hasText: `${file.name} was refused` }).waitFor();
        due(400);
      }
    });
  });
}

test("a hidden value that was tampered with is refused", async () => {
  await open("/upload");
  await upload("Tampered", photo("cat.jpg"));
  const signed = await value();
  const character = signed.at(-1) === "0" ? "1" : "0";
  const cases = [
    [signed.slice(0, -1) + character, /not valid/],
    [signed.replace(/\/v\d/, "/v0"), /not valid/],
    [signed.replace(/#.*/, ""), /not valid/],
    [signed.replace(/#.*/, "#"), /not valid/],
    [signed.replace(".jpg#", ".pdf#"), /one of these formats: jpg, png, gif, webp/],
    [signed.replace("image/", "raw/"), /not valid/], // of a raw file the extension is part of what is signed
    [signed.replace("/upload/", "/private/"), /delivery type upload/],
    ["../../etc/passwd", /not valid/],
  ];
  const before = await listed();
  for (const [tampered, text] of cases) {
    await page.fill(`${DIRECT} input[name=title]`, "Tampered");
    await put(tampered);
    await submit(DIRECT);
    await refused(DIRECT, "image", text, { title: "Tampered" });
  }
  assert.deepEqual(await listed(), before);
  await put(signed);
  await submit(DIRECT);
  await added("Tampered");
});

test("a photo cannot be added twice, and not from another page", async () => {
  await open("/upload");
  await upload("Once", photo("cat.jpg"));
  const signed = await value();
  const ticket = await page.inputValue(`${DIRECT} input[type=hidden][name="image.ticket"]`);
  await submit(DIRECT);
  await added("Once");
  for (const [given, text, status] of [[null, /another form/, 403], [ticket, /sent already/, 409]]) {
    await open("/upload");
    await page.fill(`${DIRECT} input[name=title]`, "Twice");
    await put(signed);
    if (given) await put(given, "image.ticket");
    await submit(DIRECT);
    await refused(DIRECT, "image", text, { title: "Twice", status });
  }
});

for (const [way, form, path] of ROUTES) {
  test(`without JavaScript, a photo is added once, however often the ${way} form is sent`, async () => {
    await withoutJavaScript();
    await open(path);
    await fill(form, `Sent, ${way}`, photo("cat.jpg"));
    await submit(form);
    await added(`Sent, ${way}`);
    await nothingAdded(async () => {
      await page.goBack();
      await fill(form, `Gone back, ${way}`, photo("cat.jpg"));
      await submit(form);
      await refused(form, "image", /sent already; nothing was added/, { title: `Gone back, ${way}`, status: 409 });
    });
    // The form that says so is a new one.
    await fill(form, `Another, ${way}`, photo("cat.jpg"));
    await submit(form);
    await added(`Another, ${way}`);
  });
}

test("the transformations of a photo", async () => {
  const tilted = Math.round(300 * (Math.cos(Math.PI / 9) + Math.sin(Math.PI / 9)));
  for (const [title, fitted] of [["Dandelions", [300, 169]], ["Two spaniels", [200, 300]]]) {
    await open("/");
    await page.click(`.photo-card:has-text("${title}") >> text=More transformations`);
    await says(title, "h1");
    const sizes = await pictures(page, ".transformed img");
    assert.deepEqual(sizes.slice(0, 4), [[300, 300], [300, 300], fitted, [300, 300]]);
    for (const side of sizes[4]) assert.ok(Math.abs(side - tilted) <= 2, `${side} is not about ${tilted}`);
    const shown = await page.$$eval(".transformed", (all) => all.map((each) => ({
      parameters: each.querySelector(".parameters").textContent,
      url: each.querySelector(".url").textContent,
      src: each.querySelector("img").src,
      link: each.querySelector("a").href,
    })));
    assert.equal(shown.length, 5);
    for (const { parameters, url, src, link } of shown) {
      assert.ok(url.includes(`/image/upload/${parameters}/`), url);
      assert.deepEqual([src, link], [url, url]);
      const answer = await fetch(url);
      assert.equal(answer.headers.get("content-type"), url.endsWith(".png") ? "image/png" : "image/jpeg");
    }
  }
});

test("the thumbnail of the astronaut shows her face", async () => {
  await open("/");
  await page.click('.photo-card:has-text("astronaut") >> text=More transformations');
  const thumbnail = await page.getAttribute('.transformed:has-text("c_thumb,g_face") img', "src");
  const original = await page.getAttribute("text=Open the original", "href");
  const beside = `${album.media}/beside`; // on the pictures' own site their pixels may be read
  await page.route(beside, (route) => route.fulfill({ contentType: "text/html", body: "<!DOCTYPE html>" }));
  await page.goto(beside);
  const found = await page.evaluate(async (addresses) => {
    const [photo, part] = addresses.map((src) => Object.assign(new Image(), { src }));
    await Promise.all([photo.decode(), part.decode()]);
    const SIDE = 24;
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const pixels = (image, ...from) => {
      canvas.drawImage(image, ...from, 0, 0, SIDE, SIDE);
      return canvas.getImageData(0, 0, SIDE, SIDE).data;
    };
    const wanted = pixels(part, 0, 0, part.naturalWidth, part.naturalHeight);
    let best = { difference: Infinity };
    for (let side = 60; side <= photo.naturalWidth; side += 12) {
      for (let x = 0; x + side <= photo.naturalWidth; x += 12) {
        for (let y = 0; y + side <= photo.naturalHeight; y += 12) {
          const difference = pixels(photo, x, y, side, side).reduce((sum, each, at) => sum + Math.abs(each - wanted[at]), 0);
          if (difference < best.difference) best = { difference, side, centre: [x + side / 2, y + side / 2] };
        }
      }
    }
    return best;
  }, [original, thumbnail]);
  const [x, y] = found.centre;
  assert.ok(Math.abs(x - 224) < 30 && Math.abs(y - 115) < 40, `it shows the part around ${found.centre}`); // the centre is 256, 256
  assert.ok(found.side > 80 && found.side < 260, `it shows ${found.side} of 512 pixels`);
});

test("a photo is changed: its title, then its picture, and the old picture goes", async () => {
  await open("/upload");
  await upload("To be changed", photo("cat.jpg"));
  await submit(DIRECT);
  await added("To be changed");
  await page.click(".photo-card:has-text('To be changed') >> text=More transformations");
  const photoPage = page.url();
  const old = await page.getAttribute("text=Open the original", "href");
  await page.click("a:text-is('Change')");
  assert.equal(await page.inputValue("input[name=title]"), "To be changed");
  await page.fill("input[name=title]", "Changed");
  await page.click("text=Save");
  await says("The photo is changed.");
  await page.goto(photoPage);
  await says("Changed", "h1");
  assert.equal(await page.getAttribute("text=Open the original", "href"), old);
  await page.click("a:text-is('Change')");
  await page.setInputFiles("input[type=file]", photo("fig.jpg"));
  await says("fig.jpg is uploaded.");
  await page.click("text=Save");
  await says("The photo is changed.");
  await page.goto(photoPage);
  const replaced = await page.getAttribute("text=Open the original", "href");
  assert.notEqual(replaced, old);
  for (let tries = 0; (await fetch(old)).status !== 404 && tries < 100; tries += 1) await new Promise((done) => setTimeout(done, 200));
  assert.deepEqual([(await fetch(old)).status, (await fetch(replaced)).status], [404, 200]);
  await page.goto(`${album.origin}/attachments`);
  assert.match(await page.textContent(".attachments"), /attached/);
  await page.goto(`${photoPage}/edit`);
  await page.fill("input[name=title]", " ");
  await page.click("text=Save");
  await says("This field is required.");
  due(422);
});

test("delete asks first; then the photo can be had back for a while, and is gone from the media server after that", async () => {
  await open("/");
  const before = await titles(page);
  const card = ".photo-card:has-text('Picos de Europa')";
  await page.click(`${card} >> text=More transformations`);
  const addresses = await page.$$eval(".url", (all) => all.map(({ textContent }) => textContent));
  addresses.push(await page.getAttribute("text=Open the original", "href"), await page.getAttribute(".photo-picture img", "src"));
  const photoPage = page.url();
  await page.click("text=Delete");
  await says("Delete “Picos de Europa”?");
  assert.deepEqual(await pictures(page, ".confirm img"), [[480, 320]]);
  await page.click("text=Keep it");
  assert.deepEqual(await titles(page), before);
  for (const address of addresses) assert.equal((await fetch(address)).status, 200, address);
  await page.click(`${card} >> text=Delete`);
  await page.click("text=Delete photo");
  await says("The photo is deleted.");
  assert.deepEqual(await titles(page), before.filter((title) => title !== "Picos de Europa"));
  await page.click("text=Undo");
  await says("The photo is back.");
  assert.deepEqual(await titles(page), before);
  for (const address of addresses) assert.equal((await fetch(address)).status, 200, address);
  await page.click(`${card} >> text=Delete`);
  await page.click("text=Delete photo");
  const undo = page.locator("text=Undo");
  await undo.waitFor();
  for (let tries = 0; (await fetch(addresses[0])).status !== 404 && tries < 100; tries += 1) await new Promise((done) => setTimeout(done, 200));
  for (const address of addresses) assert.equal((await fetch(address)).status, 404, address);
  await undo.click();
  await says("It is too late to have this photo back.");
  for (const path of [photoPage, `${photoPage}/delete`]) {
    await page.goto(path);
    await says("There is no such photo any more.");
    due(404);
  }
});

test("with the keyboard alone: from the top of the page to the photo in the list", async () => {
  await open("/upload");
  const focused = () => page.evaluate(() => {
    const { id, textContent, type } = document.activeElement;
    return id || textContent.trim() || type;
  });
  const tabTo = async (wanted) => {
    for (let pressed = 0; pressed < 30; pressed += 1) {
      await page.keyboard.press("Tab");
      if ((await focused()) === wanted) return;
      const shown = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
      assert.notEqual(shown, "none", `the focus shows on ${await focused()}`);
    }
    assert.fail(`Tab does not reach ${wanted}`);
  };
  const choosers = [];
  page.on("filechooser", (chooser) => choosers.push(chooser)); // from now on: asked for later, it might come too late
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Skip to the content");
  await page.keyboard.press("Enter");
  await tabTo("title_direct");
  await page.keyboard.type("Without a mouse");
  await tabTo("id_image");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Enter")]);
  await chooser.setFiles(photo("cat.jpg"));
  assert.equal(choosers.length, 1);
  await says("cat.jpg is uploaded.", DIRECT);
  assert.equal(await focused(), "id_image", "the focus stays on the input, for more photos");
  await tabTo("Add to the album");
  await page.keyboard.press("Enter");
  await page.waitForURL(/done=added/);
  await added("Without a mouse");
});

test("on a phone no page is wider than the screen, nor anything on it", async () => {
  await revisit({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  const fits = async () => {
    const [width, wide] = await page.evaluate(() => [document.documentElement.scrollWidth, [...document.querySelectorAll("body *")]
      .filter((each) => !each.closest(".visually-hidden, .skip-link, svg") && each.getBoundingClientRect().right > 390.5)
      .map((each) => `${each.tagName}.${each.className}`)]);
    assert.deepEqual([width, wide], [390, []], page.url());
  };
  await open("/upload");
  await upload("W".repeat(200), photo("cat.jpg", `${"long_name_".repeat(12)}.jpg`));
  await fits();
  await submit(DIRECT);
  await fits();
  const id = /\/photos\/\d+/.exec(await page.getAttribute(".photo-card-more >> nth=0", "href"))[0];
  for (const path of [id, `${id}/delete`, "/upload", "/upload?mode=unsigned", "/cover", "/notifications"]) {
    await open(path);
    await fits();
  }
  await open("/nothing/here");
  due(404);
  await fits();
  for (const form of [SERVER, DIRECT]) {
    await open("/upload");
    await fill(form, "", BAD[0][0]);
    if (form === DIRECT) {
      await says("was refused", DIRECT);
      due(400);
    }
    await submit(form);
    due(422);
    await fits();
  }
});

test("a refused form can be reloaded, and a path without a photo is a page", async () => {
  for (const [path, status, end, words] of [
    ["/photos?form=direct", 200, "/upload", /Straight from the browser/],
    ["/photos/abc", 404, "/photos/abc", /no such photo/],
    ["/photos/99999999999999999999", 404, "/photos/99999999999999999999", /no such photo/],
    ["/photos/999/delete", 404, "/photos/999/delete", /no such photo/],
  ]) {
    const answer = await fetch(album.origin + path);
    assert.equal(answer.status, status, path);
    assert.equal(new URL(answer.url).pathname, end);
    assert.match(await answer.text(), words);
  }
  const restored = await fetch(`${album.origin}/photos/abc/restore`, { method: "POST", headers: { origin: album.origin } });
  assert.equal(restored.status, 404);
  assert.match(await restored.text(), /no such photo/);
});
