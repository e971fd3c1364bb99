// The Node client's uploads: `peers.mjs upload|upload_large url path uploads at_once`. Prints how many seconds they took,
// and by how many KiB the process grew at its peak.

import { createRequire } from "node:module";
import http from "node:http";

const { v2: cloudinary } = createRequire(import.meta.url)("cloudinary");
const [variant, url, path, uploads, atOnce] = process.argv.slice(2);
cloudinary.config({ cloud_name: "demo", api_key: "key", api_secret: "secret", upload_prefix: url, secure: false });
const options = { resource_type: "raw", public_id: "x", agent: new http.Agent({ keepAlive: true }) };

// One takes a callback and gives a stream, the other a promise.
const one = () =>
  new Promise((done, failed) => {
    cloudinary.uploader[variant](path, { ...options }, (error, answer) =>
      error || answer?.error ? failed(error ?? answer.error) : done(answer),
    );
  });

let left = Number(uploads);
const worker = async () => {
  while (left-- > 0) await one();
};

const before = process.resourceUsage().maxRSS;
const start = performance.now();
await Promise.all(Array.from({ length: Number(atOnce) }, worker));
const seconds = (performance.now() - start) / 1000;
console.log(`${seconds}\t${process.resourceUsage().maxRSS - before}`);
process.exit(0);
