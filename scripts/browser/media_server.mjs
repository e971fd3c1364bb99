// A media service with just enough behaviour to test a browser against: it answers uploads cross-origin, remembers
// every request, and fails on demand.
import http from "node:http";

const ALLOWED_HEADERS = "X-Requested-With, X-Unique-Upload-Id, Content-Range, Content-Disposition";
const PREVIEW = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 150 100">
  <linearGradient id="sky" x2="0" y2="1"><stop stop-color="#f6b26b"/><stop offset="1" stop-color="#e06666"/></linearGradient>
  <rect width="150" height="100" fill="url(#sky)"/><circle cx="105" cy="42" r="14" fill="#fff2cc"/>
  <path d="M0 70 40 35 75 72 100 55 150 85V100H0Z" fill="#5b3a5e"/></svg>`;

/** The fields and the file of a multipart body: `{ fields: [[name, value]], file: { name, filename, type, bytes } }`. */
async function parseForm(headers, body) {
  const form = await new Response(body, { headers: { "content-type": headers["content-type"] } }).formData();
  const fields = [];
  let file = null;
  for (const [name, value] of form) {
    if (typeof value === "string") fields.push([name, value]);
    else file = { name, filename: value.name, type: value.type, bytes: value.size };
  }
  return { fields, file };
}

export class MediaServer {
  requests = []; // uploads, in order of arrival
  preflights = [];
  previews = []; // paths of pictures asked for
  /** What to do with the next uploads, first come first served: `{ status, body, headers, delay, drop, hang }`. */
  script = [];
  #server = http.createServer((request, response) => this.#serve(request, response).catch((error) => response.destroy(error)));
  #count = 0;

  async start() {
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.origin = `http://127.0.0.1:${this.#server.address().port}`;
    return this;
  }

  stop() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  reset() {
    this.requests = [];
    this.preflights = [];
    this.previews = [];
    this.script = [];
  }

  async #serve(request, response) {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Connection", "close"); // on a reused connection the browser would repeat a dropped request itself
    if (request.method === "OPTIONS") {
      this.preflights.push(request.headers["access-control-request-headers"]);
      response.setHeader("Access-Control-Allow-Headers", ALLOWED_HEADERS);
      response.setHeader("Access-Control-Allow-Methods", "POST");
      return response.writeHead(204).end();
    }
    if (request.method === "GET") {
      this.previews.push(request.url);
      return response.writeHead(200, { "Content-Type": "image/svg+xml" }).end(PREVIEW);
    }
    const step = this.script.shift() ?? {};
    const parts = [];
    for await (const part of request) parts.push(part);
    const record = { url: request.url, headers: request.headers, ...(await parseForm(request.headers, Buffer.concat(parts))) };
    this.requests.push(record);
    if (step.drop) return request.socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, step.delay ?? 0));
    const [start, end, total] = /(\d+)-(\d+)\/(\d+)/.exec(request.headers["content-range"] ?? "")?.slice(1).map(Number) ?? [];
    const body = step.body ?? (total && end + 1 < total ? { done: false, bytes: end + 1 - start } : this.#answer(record.file));
    if (request.headers["x-requested-with"] !== "XMLHttpRequest") {
      const { callback } = Object.fromEntries(record.fields);
      const query = Object.entries(body).filter(([, value]) => typeof value !== "object");
      const pairs = query.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`);
      return response.writeHead(302, { Location: `${callback}?${pairs.join("&")}` }).end();
    }
    response.writeHead(step.status ?? 200, { "Content-Type": step.type ?? "application/json; charset=utf-8" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  }

  #answer(file) {
    this.#count += 1;
    const public_id = `photo_${this.#count}`;
    const format = file.filename.split(".").pop();
    const path = `/demo/image/upload/v1372180830/${public_id}.${format}`;
    return {
      public_id, version: 1372180830, signature: `signature${this.#count}`, format,
      resource_type: "image", type: "upload", bytes: file.bytes, original_filename: file.filename.split(".")[0],
      url: `${this.origin}${path}`, secure_url: `https://media.invalid${path}`,
    };
  }
}
