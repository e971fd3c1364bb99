// What the media service tells the album of its own accord; and what the album tells a visitor when something fails.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { truncateSync } from "node:fs";
import { createServer, request } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Album, photo } from "./album.mjs";
import { launch } from "./browser.mjs";

const DIRECT = 'form[action*="form=direct"]';
let browser, page;

before(async () => {
  browser = await launch();
  page = await browser.newPage();
});
after(() => browser.close());

/** Asks again until the page has it. */
async function reads(address, pattern) {
  for (let tries = 0; tries < 100; tries += 1) {
    await page.goto(address);
    if (pattern.test(await page.textContent("main"))) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.fail(`${pattern} is not in: ${await page.textContent("main")}`);
}

test("uploads and deletions are told live, once each, and only by the media server", async () => {
  const album = await new Album().start();
  try {
    const told = `${album.origin}/notifications`;
    await reads(told, /told nothing yet/);
    await page.goto(`${album.origin}/upload`);
    await page.fill(`${DIRECT} input[name=title]`, "Told");
    await page.setInputFiles(`${DIRECT} input[type=file]`, photo("cat.jpg"));
    await page.locator(DIRECT).getByText("cat.jpg is uploaded.").waitFor();
    // Before the form is sent: it is the media server that tells.
    await reads(told, /stored: 451 × 300 pixels, \d+ KB/);
    const id = (await page.textContent(".attachments code")).trim();
    await page.goBack();
    await fetch(`${album.origin}/samples`, { method: "POST" });
    await reads(told, /1280 × 960/);
    assert.equal(await page.locator(".attachments tbody tr").count(), 10, "each once");
    assert.equal(await page.textContent(".attachments tbody tr:last-child code"), id, "the last first");
    await page.goto(album.origin);
    await page.click(".photo-card:has-text('The cat') >> text=Delete");
    await page.click("text=Delete photo");
    await reads(told, /destroyed/); // once the time to undo is over

    const forged = (headers) => fetch(`${told}/hook`, { method: "POST", body: '{"notification_type":"delete"}', headers });
    const now = String(Math.floor(Date.now() / 1000));
    assert.equal((await forged({})).status, 400);
    assert.equal((await forged({ "x-cld-timestamp": now, "x-cld-signature": "0".repeat(40) })).status, 401);
    await page.goto(told);
    assert.equal(await page.locator(".attachments tbody tr").count(), 11);
  } finally {
    await album.discard();
  }
});

/** A page that says what happened and what to do, with a way on. */
async function troubled(answer, status, heading, words) {
  assert.equal(answer.status(), status);
  assert.match(answer.headers()["content-type"], /^text\/html/);
  assert.ok(answer.headers()["content-security-policy"]);
  assert.equal((await page.textContent("h1")).trim(), heading);
  assert.match(await page.textContent(".trouble"), words);
  assert.equal(await page.locator(".trouble a:text-is('Back to the photos')").count(), 1);
}

/** An album whose media service is somebody else's: it answered once, with nothing stored, and is down since. */
async function withoutService() {
  const service = createServer((_, answer) => answer.setHeader("content-type", "application/json").end('{"resources":[]}'));
  await new Promise((listens) => service.listen(0, "127.0.0.1", listens));
  const { port } = service.address();
  const album = await new Album().start(undefined, { CLOUDINARY_URL: `cloudinary://key:hush@demo?upload_prefix=http://127.0.0.1:${port}&secure=false` });
  service.closeAllConnections();
  await new Promise((closed) => service.close(closed));
  return album;
}

test("a notification that is sent again counts once; one that is altered or old, not at all", async () => {
  const album = await withoutService();
  try {
    const told = `${album.origin}/notifications`;
    const body = JSON.stringify({ notification_type: "rename", from_public_id: "a", to_public_id: "<b>" });
    const tell = async (text, secondsAgo = 0) => {
      const timestamp = String(Math.floor(Date.now() / 1000) - secondsAgo);
      const signature = createHash("sha1").update(`${body}${timestamp}hush`).digest("hex");
      const headers = { "x-cld-timestamp": timestamp, "x-cld-signature": signature };
      return (await fetch(`${told}/hook`, { method: "POST", body: text, headers })).status;
    };
    assert.deepEqual([await tell(body), await tell(body), await tell(body, 60)], [200, 200, 200]);
    assert.deepEqual([await tell(body.replace("<b>", "c")), await tell(body, 3 * 3600), await tell(body, -3 * 3600)], [401, 401, 401]);
    await page.goto(told);
    assert.equal(await page.locator(".attachments tbody tr").count(), 1);
    assert.equal((await page.textContent(".attachments tbody code")).trim(), "<b>");
    assert.match(await page.textContent(".attachments tbody"), /was a/);
  } finally {
    await album.discard();
  }
});

test("a media service that is down: a page says what to do, and no photo is lost", async () => {
  const album = await withoutService();
  try {
    await page.goto(album.origin);
    const [answer] = await Promise.all([page.waitForNavigation(), page.click("text=Load the sample photos")]);
    await troubled(answer, 502, "The media service does not answer", /go back to the form and send it again/);
    assert.ok(!/hush|key:|Connection/.test(await page.textContent(".trouble")), "nothing of the inside is told");
    await page.goto(`${album.origin}/upload`);
    const form = 'form[action*="form=server"]';
    await page.fill(`${form} input[name=title]`, "Kept");
    await page.setInputFiles(`${form} input[type=file]`, photo("cat.jpg"));
    await Promise.all([page.waitForNavigation(), page.click(`${form} button[type=submit]`)]);
    assert.match(await page.textContent(`${form} .field-error`), /could not be stored just now. Try again/);
    assert.equal(await page.inputValue(`${form} input[name=title]`), "Kept");
  } finally {
    await album.discard();
  }
});

test("a database that is broken: a page with a button to try again", async () => {
  const album = await new Album().start();
  try {
    truncateSync(join(album.data, "album.db"), 0);
    const answer = await page.goto(`${album.origin}/attachments`);
    await troubled(answer, 500, "Something went wrong here", /Wait a moment, then try again.*log/s);
    assert.equal(await page.getAttribute(".trouble a:text-is('Try again')", "href"), "/attachments");
    assert.match(album.said.stderr, /a request failed/, "the log has the reason");
  } finally {
    await album.discard();
  }
});

/** A request that no browser sends for a person. */
const raw = (url, options, body = "") => new Promise((resolve, reject) => {
  const asked = request(url, options, async (answer) => {
    const text = (await answer.toArray()).join("");
    resolve({ status: answer.statusCode, headers: answer.headers, text });
  });
  asked.on("error", reject);
  asked.end(body);
});

test("what is refused before any handler is a page too", async () => {
  const album = await new Album().start();
  try {
    const url = `${album.origin}/photos`;
    const multipart = { "content-type": "multipart/form-data; boundary=b" };
    for (const [options, body, status, words] of [
      [{ method: "POST", headers: { origin: "https://elsewhere.example", "sec-fetch-site": "cross-site" } }, "", 403, /sent from another site/],
      [{ method: "POST", headers: { "content-type": "application/json" } }, "{}", 415, /multipart\/form-data/],
      [{ method: "POST", headers: multipart }, "--b\r\nbroken", 400, /cannot be read/],
      [{ method: "POST", headers: multipart }, "--b\r\ncontent-disposition: form-data; name=\"<b>\"\r\n\r\n\xff\r\n--b--", 400, /&#60;b&#62;|&lt;b&gt;/],
      [{ method: "DELETE" }, "", 405, /cannot be used that way/],
    ]) {
      const answer = await raw(url, options, Buffer.from(body, "latin1"));
      assert.equal(answer.status, status, answer.text);
      assert.match(answer.headers["content-type"], /^text\/html/);
      assert.match(answer.text, words);
      assert.match(answer.text, /Back to the photos/);
      assert.ok(!answer.text.includes("<b>"), "nothing is HTML that a request said");
      if (status === 405) assert.match(answer.headers.allow, /POST/);
    }
  } finally {
    await album.discard();
  }
});
