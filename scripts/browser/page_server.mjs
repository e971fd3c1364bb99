// The app's side: a page with rendered fields, under a policy that forbids inline scripts and styles.
import { readFile } from "node:fs/promises";
import http from "node:http";

const here = (path) => new URL(path, import.meta.url);
const FILES = {
  "/static/": here("../../static/"),
  "/vendor/": here("node_modules/"),
};
const TYPES = { js: "text/javascript", css: "text/css", html: "text/html; charset=utf-8" };
const PAGE_CSS = `body{max-width:40rem;margin:0 auto;padding:1rem;font:16px/1.5 system-ui,sans-serif;color-scheme:light dark;
background:Canvas;color:CanvasText}label{font-weight:600;display:block;margin:1.25rem 0 .5rem}`;

const escape = (text) => String(text).replace(/[&<>"']/g, (each) => `&#${each.charCodeAt(0)};`);

/** The parameters a server signs for one field. */
export const PARAMETERS = {
  callback: "/static/cloudinary_cors.html",
  timestamp: "1372180830",
  tags: "direct_photo_album",
  signature: 'a"b<c>&d', // no real one looks so: it shows that escaping holds
  api_key: "1234",
};

/** One field as the server renders it; `attributes` are added or, when null, left out. */
export function field(media, name = "image", attributes = {}, hidden = "") {
  const all = {
    type: "file", name: "file", id: `id_${name.replace(/\W/g, "")}`,
    "data-url": `${media.origin}/v1_1/demo/auto/upload`,
    "data-form-data": JSON.stringify(PARAMETERS),
    "data-cloudinary-field": name, class: "cloudinary-fileupload ",
    ...attributes,
  };
  const rendered = Object.entries(all).filter(([, value]) => value !== null).map(([key, value]) => `${key}="${escape(value)}"`);
  return `<label for="${all.id}">Photo</label><input ${rendered.join(" ")}>${hidden}`;
}

export class PageServer {
  posts = []; // bodies the form sent to the app, as text
  page = "";
  #server = http.createServer((request, response) => this.#serve(request, response).catch((error) => response.destroy(error)));

  async start(media) {
    this.media = media;
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.origin = `http://127.0.0.1:${this.#server.address().port}`;
    return this;
  }

  stop() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  /** The page to serve next: forms or fields as HTML, and the scripts to load. */
  render(content, scripts = ["/static/cloudinary.js"]) {
    this.posts = [];
    const form = content.includes("<form") ? content
      : `<form method="post" action="/photos" enctype="multipart/form-data">${content}<p><button>Save</button></p></form>`;
    this.page = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
      <title>New photo</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css">
      <link rel="stylesheet" href="/static/cloudinary.css">
      ${scripts.map((src) => `<script src="${src}" defer></script>`).join("")}<body><h1>New photo</h1>${form}`;
  }

  async #serve(request, response) {
    const path = new URL(request.url, this.origin).pathname;
    response.setHeader("Content-Security-Policy", `default-src 'none'; script-src 'self'; style-src 'self'; frame-src 'self' ${this.media.origin};
      img-src 'self' data: ${this.media.origin}; connect-src ${this.media.origin}; form-action 'self' ${this.media.origin}`.replace(/\s+/g, " "));
    if (request.method === "POST") {
      const parts = [];
      for await (const part of request) parts.push(part);
      this.posts.push(Buffer.concat(parts).toString("latin1"));
      return response.writeHead(200, { "Content-Type": "text/html" }).end("<!DOCTYPE html><title>Saved</title><p>Saved</p>");
    }
    if (path === "/page.css") return response.writeHead(200, { "Content-Type": "text/css" }).end(PAGE_CSS);
    const prefix = Object.keys(FILES).find((each) => path.startsWith(each));
    if (!prefix) return response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(this.page);
    try {
      const body = await readFile(new URL(path.slice(prefix.length), FILES[prefix]));
      response.writeHead(200, { "Content-Type": TYPES[path.split(".").pop()] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  }
}
