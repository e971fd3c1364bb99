// The form that posts a file straight to the media service, without any script: away and back by its callback.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { made, photo, pictures } from "./album.mjs";
import { launch } from "./browser.mjs";

const BINARY = process.env.DIRECT_UPLOAD_FORM_BIN
  ?? fileURLToPath(new URL("../../target/debug/examples/direct_upload_form", import.meta.url));
let browser, app, origin, page, posts;

before(async () => {
  browser = await launch();
  app = spawn(BINARY, { stdio: ["ignore", "pipe", "inherit"] });
  origin = await new Promise((resolve, reject) => {
    app.on("error", reject).on("exit", (code) => reject(new Error(`it ended with ${code}`)));
    app.stdout.setEncoding("utf8").once("data", (line) => resolve(line.trim()));
  });
});
after(async () => {
  await browser.close();
  app.removeAllListeners().kill();
});
beforeEach(async () => {
  posts = [];
  page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  page.on("request", (request) => request.method() === "POST" && posts.push(new URL(request.url())));
});
afterEach(() => page.context().close());

/** Chooses a file, sends the form, and is back in the app. */
async function post(file) {
  await page.goto(origin);
  await page.setInputFiles("input[type=file]", file);
  await page.click("text=Upload");
  await page.waitForURL(`${origin}/uploaded?**`);
}
async function add(title) {
  await page.fill("input[name=title]", title);
  const [answer] = await Promise.all([page.waitForResponse(`${origin}/photos`), page.click("text=Add")]);
  await page.waitForLoadState();
  return answer.status();
}
const heading = () => page.textContent("h1");

test("a photo goes to the media service, the visitor comes back, and the app takes it", async () => {
  await post(photo("cat.jpg", "my cat & I.jpg"));
  assert.equal(posts.length, 1);
  assert.notEqual(posts[0].origin, origin, "the file does not pass the app");
  assert.match(posts[0].pathname, /\/image\/upload$/);
  assert.equal(await heading(), "The photo is there");
  assert.equal(await add("The cat"), 200);
  assert.equal(await heading(), "The cat");
  assert.deepEqual(await pictures(page, "img"), [[400, 300]]);
});

test("without a title the photo is kept, and taken with the next try", async () => {
  await post(photo("fig.jpg"));
  assert.equal(await add(" "), 422);
  assert.match(await page.textContent("form"), /This field is required/);
  assert.equal(await add("A fig"), 200);
  assert.equal(await heading(), "A fig");
  assert.equal(posts.filter(({ origin: to }) => to !== origin).length, 1, "nobody uploads twice");
});

test("a refusal comes back in words", async () => {
  await post(made("notes.jpg", "These are words."));
  assert.equal(await heading(), "The photo was refused");
  assert.match(await page.textContent("p"), /Invalid image file/);
});

test("what the query says is not believed", async () => {
  await post(photo("cat.jpg"));
  const back = new URL(page.url());
  for (const [name, value] of [["public_id", "another"], ["version", "1"], ["signature", "0".repeat(40)], ["format", "pdf"]]) {
    const altered = new URL(back);
    altered.searchParams.set(name, value);
    await page.goto(altered.href);
    assert.equal(await add("Altered"), 422, name);
    assert.equal(await heading(), "Not yet", name);
  }
  await page.goto(`${origin}/uploaded?error=${encodeURIComponent("<img src=x onerror=alert(1)>")}`);
  assert.equal(await page.locator("img").count(), 0);
  // The address alone, in another browser, is nobody's photo; in this one it is, once.
  const other = await (await browser.newContext()).newPage();
  await other.goto(back.href);
  await other.fill("input[name=title]", "Mine");
  const [refused] = await Promise.all([other.waitForResponse(`${origin}/photos`), other.click("text=Add")]);
  assert.equal(refused.status(), 403);
  await other.context().close();
  await page.goto(back.href);
  assert.equal(await add("Mine"), 200);
  await page.goto(back.href);
  assert.equal(await add("Again"), 409);
});
