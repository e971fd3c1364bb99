// The jobs of the bench `urls`, by npm `cloudinary` and `@cloudinary/url-gen`, as lines of
// `implementation, job, nanoseconds, output`.

import { v2 as cloudinary } from "cloudinary";
import { Cloudinary } from "@cloudinary/url-gen";
import { sepia } from "@cloudinary/url-gen/actions/effect";
import { source } from "@cloudinary/url-gen/actions/overlay";
import { fill } from "@cloudinary/url-gen/actions/resize";
import { byRadius } from "@cloudinary/url-gen/actions/roundCorners";
import { compass, focusOn } from "@cloudinary/url-gen/qualifiers/gravity";
import { face } from "@cloudinary/url-gen/qualifiers/focusOn";
import { Position } from "@cloudinary/url-gen/qualifiers/position";
import { text } from "@cloudinary/url-gen/qualifiers/source";
import { TextStyle } from "@cloudinary/url-gen/qualifiers/textStyle";

const SAMPLES = 15;
const SAMPLE_MS = 20;
const ID = "summer photos/beach house";
const VERSION = 1372180830;
const IDS = Array.from({ length: 256 }, (_, at) => `summer photos/beach house ${at}`);
const PARAMS = {
  timestamp: "1315060510",
  public_id: "summer photos/beach house",
  folder: "summer photos",
  tags: "sea,sand,summer",
  eager: "c_fill,h_300,w_400|c_thumb,g_face,h_150,w_150",
  context: "alt=Beach|caption=Our house",
  notification_url: "https://app.example.com/hooks/cloudinary",
  overwrite: "true",
};
let turn = 0;
const nextId = () => IDS[turn++ % IDS.length];

cloudinary.config({ cloud_name: "demo", api_key: "key", api_secret: "abcd", secure: true, urlAnalytics: false });

const steps = () => [
  { width: 400, height: 300, crop: "fill", gravity: "face", radius: 20, effect: "sepia:50" },
  {
    overlay: { text: "Hello, World/1", font_family: "Arial", font_size: 20, font_weight: "bold" },
    gravity: "south_east",
    x: 5,
    y: 5,
  },
];
const prepared = cloudinary.utils.generate_transformation_string({ transformation: steps() });

const npm = {
  plain: () => cloudinary.url(ID, { version: VERSION }),
  two_steps: () => cloudinary.url(ID, { version: VERSION, transformation: steps() }),
  signed: () => cloudinary.url(ID, { version: VERSION, transformation: steps(), sign_url: true }),
  prepared: () => cloudinary.url(nextId(), { version: VERSION, raw_transformation: prepared }),
  sign_params: () => cloudinary.utils.api_sign_request(PARAMS, "abcd"),
  img_tag: () =>
    cloudinary.image(ID, {
      version: VERSION,
      transformation: steps(),
      alt: "Sea & sand",
      srcset: { breakpoints: [320, 640, 960, 1280] },
    }),
};

// It signs nothing and makes no tags.
const browser = new Cloudinary({ cloud: { cloudName: "demo" }, url: { secure: true, analytics: false } });
const card = (image) =>
  image
    .resize(fill(400, 300).gravity(focusOn(face())))
    .roundCorners(byRadius(20))
    .effect(sepia().level(50))
    .overlay(
      source(text("Hello, World/1", new TextStyle("Arial", 20).fontWeight("bold"))).position(
        new Position().gravity(compass("south_east")).offsetX(5).offsetY(5),
      ),
    );
const chained = card(browser.image(ID)).transformation.toString();
const urlGen = {
  plain: () => browser.image(ID).setVersion(VERSION).toURL(),
  two_steps: () => card(browser.image(ID)).setVersion(VERSION).toURL(),
  prepared: () => browser.image(nextId()).addTransformation(chained).setVersion(VERSION).toURL(),
};

for (const [implementation, jobs] of Object.entries({ "npm cloudinary": npm, "npm url-gen": urlGen })) {
  for (const [name, job] of Object.entries(jobs)) {
    turn = 1;
    const output = job();
    let sink = 0;
    const time = (count) => {
      const start = process.hrtime.bigint();
      for (let at = 0; at < count; at++) sink += job().length;
      return Number(process.hrtime.bigint() - start);
    };
    let count = 64;
    while (time(count) < (SAMPLE_MS / 2) * 1e6) count *= 2;
    const times = Array.from({ length: SAMPLES }, () => time(count) / count).sort((a, b) => a - b);
    if (sink === 0) throw new Error(`${name} gives nothing`);
    console.log([implementation, name, times[SAMPLES >> 1].toFixed(1), output].join("\t"));
  }
}
