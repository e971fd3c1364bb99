/*
 * Direct uploads: every <input type="file" class="cloudinary-fileupload"> sends its files straight from the browser to
 * the media service and leaves a signed reference to each in a hidden input of its form.
 *
 * Include as <script src="cloudinary.js" defer>. Needs no library, and holds under a Content-Security-Policy without
 * inline scripts or styles (connect-src and img-src must name the media service). Read from the input:
 *   data-url               where to upload to (required)
 *   data-form-data         JSON object of the signed parameters, sent as they are
 *   data-cloudinary-field  name of the hidden input to fill
 *   data-max-chunk-size    larger files are sent in pieces of this many bytes (default 20,000,000)
 *   data-max-bytes         larger files are refused before anything is sent (default: no limit)
 *   data-max-files         of an input that takes several, more are left out (default: no limit)
 *   data-formats           "jpg,png,webp": other files are refused before anything is sent (default: any)
 *   data-thumbnail-transformation  of the preview (default c_fill,h_100,w_150)
 * and from a hidden input the server filled: data-cloudinary-thumbnail, the address of its preview.
 *
 * Progress, results and errors show in an empty <div data-cloudinary-widget> around or right after the input, made when
 * missing. Files may be dropped on the closest [data-cloudinary-dropzone], or else on the input and its widget.
 *
 * Events are the jQuery plugin's, fileupload* and cloudinary*, on the input and bubbling; their data is `event.detail`,
 * for jQuery handlers also the second argument. preventDefault() on fileuploadadd, -submit or -send leaves a file out.
 * Inputs added later are found; Cloudinary.bind(root) finds them at once; Cloudinary.messages holds all texts.
 */
(() => {
  "use strict";
  if (window.Cloudinary?.bind) return; // included twice

  const SELECTOR = "input.cloudinary-fileupload[type=file]";
  const DEFAULT_CHUNK_BYTES = 20_000_000;
  const DEFAULT_THUMBNAIL = "c_fill,h_100,w_150";
  const CHUNK_RETRIES_MS = [500, 1500, 4000]; // the waits before each new try of a failed chunk
  const SAME_FORMAT = { jpeg: "jpg", jpe: "jpg", pjpeg: "jpg", tif: "tiff", "svg+xml": "svg", quicktime: "mov" };
  const SHOWN_BY_BROWSERS = ["jpg", "png", "gif", "webp", "avif", "svg"];

  const messages = {
    hint: "or drop it here",
    hintMultiple: "or drop them here",
    uploading: "Uploading {name}…",
    finishing: "Almost done with {name}…",
    retrying: "The connection broke. Trying {name} again…",
    held: "The form will be sent as soon as the upload is done.",
    done: "{name} is uploaded.",
    cancelled: "The upload was cancelled.",
    removed: "{name} was removed.",
    network: "{name} could not be uploaded: the server cannot be reached. Check your connection and try again.",
    server: "{name} could not be uploaded: the server answered with an error ({status}). Try again in a moment.",
    refused: "{name} was refused: {reason}",
    stale: "This page was open for too long to upload {name}. Reload it and choose the file again.",
    tooLarge: "{name} is too large ({size}). At most {limit} is allowed.",
    empty: "{name} is empty.",
    tooMany: "{name} was left out. At most {limit} files are allowed.",
    wrongFormat: "{name} has the wrong format. Allowed: {formats}.",
    preview: "Preview of {name}",
    stored: "Already uploaded",
    cancel: "Cancel",
    retry: "Try again",
    replace: "Replace",
    remove: "Remove",
  };
  const say = (key, values = {}) => messages[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

  function readableBytes(count) {
    const units = ["bytes", "KB", "MB", "GB"];
    const power = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), units.length - 1);
    return `${Number((count / 1000 ** power).toFixed(power > 1 ? 1 : 0))} ${units[power]}`;
  }

  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  function button(name, action) {
    const attributes = { type: "button", class: `cloudinary-button cloudinary-${name}` };
    const made = element("button", attributes, say(name));
    made.addEventListener("click", action);
    return made;
  }

  /** Calls each listener once, jQuery's and the browser's own; false if one of them prevented the default. */
  function fire(input, name, data) {
    const jQuery = window.jQuery?.event ? window.jQuery : null;
    const event = jQuery?.Event(name);
    if (jQuery) {
      try {
        jQuery(input).trigger(event, [data]);
      } catch (error) {
        window.reportError(error); // a page's faulty handler must not stop the upload
      }
      jQuery.event.triggered = name; // tells jQuery not to handle the browser's event of this name again
    }
    const allowed = input.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable: true, detail: data }));
    if (jQuery) jQuery.event.triggered = undefined;
    return allowed && !event?.isDefaultPrevented();
  }

  const canonicalFormat = (name) => SAME_FORMAT[name] ?? name;

  /** In words, why a file need not be sent at all; the server checks again. */
  function objection(file, { maxBytes, formats = "" }) {
    const name = file.name;
    const limit = Number(maxBytes);
    if (file.size === 0) return say("empty", { name });
    if (limit > 0 && file.size > limit) {
      return say("tooLarge", { name, size: readableBytes(file.size), limit: readableBytes(limit) });
    }
    // Names lie and phones leave out types: either may vouch for the file, and with neither the server decides.
    const extension = /\.([^.]+)$/.exec(name)?.[1].toLowerCase();
    const type = file.type === "application/octet-stream" ? null : file.type.split("/")[1];
    const claimed = [extension, type].filter(Boolean).map(canonicalFormat);
    const allowed = formats.toLowerCase().split(/[\s,]+/).filter(Boolean);
    const fits = allowed.map(canonicalFormat).some((each) => claimed.includes(each));
    if (!allowed.length || !claimed.length || fits) return null;
    return say("wrongFormat", { name, formats: allowed.join(", ") });
  }

  /** In words, why the service did not take a file. */
  function refusal(name, { status, result }) {
    const reason = result?.error?.message ?? result?.error;
    if (status === 0) return say("network", { name });
    if (status >= 500 || typeof reason !== "string") return say("server", { name, status });
    return reason.startsWith("Stale request") ? say("stale", { name }) : say("refused", { name, reason });
  }

  /** The address of a small preview, or null where there is none. */
  function thumbnail(result, transformation) {
    const address = location.protocol === "https:" ? result.secure_url : (result.url ?? result.secure_url);
    const prefix = `/${result.resource_type}/upload/`;
    const at = address?.indexOf(prefix) ?? -1;
    // Other delivery types are signed for one transformation each: only what the service made at once may be shown.
    if (at < 0) return result.eager?.[0]?.secure_url ?? result.eager?.[0]?.url ?? null;
    if (result.resource_type === "raw") return null;
    const start = at + prefix.length;
    const shown = SHOWN_BY_BROWSERS.includes(canonicalFormat(result.format));
    const asset = shown ? address.slice(start) : address.slice(start).replace(/(\.[^./]+)?$/, ".jpg");
    return `${address.slice(0, start)}${transformation}/${asset}`;
  }

  /** One request. Resolves always; status 0 is "no answer", a null result "an answer that is not JSON". */
  function post(url, body, headers, signal, onProgress) {
    return new Promise((resolve) => {
      const xhr = new XMLHttpRequest(); // fetch does not tell how much is sent so far
      xhr.open("POST", url);
      xhr.responseType = "json";
      for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
      xhr.upload.addEventListener("progress", ({ loaded, total }) => total && onProgress(loaded / total));
      xhr.addEventListener("loadend", () => resolve({ status: xhr.status, result: xhr.response }));
      signal.addEventListener("abort", () => xhr.abort());
      xhr.send(body);
    });
  }

  /** Uploads the file of `data`, in chunks if it is large; resolves as `post` does. */
  async function upload(input, data, signal, onProgress, onRetry) {
    const file = data.files[0];
    const chunkBytes = Number(input.dataset.maxChunkSize) || DEFAULT_CHUNK_BYTES;
    const id = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    data.headers = { "X-Requested-With": "XMLHttpRequest", "X-Unique-Upload-Id": id };
    const send = (part, start, headers) => {
      const body = new FormData();
      for (const [name, value] of Object.entries(data.formData)) body.append(name, value);
      body.append(input.name || "file", part, file.name);
      const progress = (share) => onProgress(start + share * part.size);
      return post(data.url, body, { ...data.headers, ...headers }, signal, progress);
    };
    if (file.size <= chunkBytes) return send(file, 0, {});
    let answer;
    for (let start = 0; start < file.size; start += chunkBytes) {
      const part = file.slice(start, start + chunkBytes, file.type);
      const headers = {
        "Content-Range": `bytes ${start}-${start + part.size - 1}/${file.size}`,
        "Content-Disposition": `attachment; filename="${encodeURI(file.name)}"`,
      };
      fire(input, "fileuploadchunksend", data);
      answer = await send(part, start, headers);
      for (const wait of CHUNK_RETRIES_MS) {
        if (signal.aborted || (answer.status !== 0 && answer.status !== 429 && answer.status < 500)) break;
        onRetry();
        await new Promise((resolve) => {
          setTimeout(resolve, wait);
          signal.addEventListener("abort", resolve);
        });
        if (!signal.aborted) answer = await send(part, start, headers);
      }
      if (signal.aborted || answer.status !== 200 || answer.result?.error) return answer;
      data.result = answer.result;
      fire(input, "fileuploadchunkdone", data);
    }
    return answer;
  }

  const byPlugin = (input) => Boolean(window.jQuery?.(input).data("blueimpFileupload")); // then it does the uploading
  const busy = new Set(); // fields with an upload under way
  const held = new Map(); // form → the button that submits it, once its uploads are done
  const added = new WeakSet(); // hidden inputs that are not the page's own
  const uploading = (form) => [...busy].filter(({ input }) => input.form === form);

  class Field {
    constructor(input) {
      this.input = input;
      this.required = input.required;
      this.queue = []; // what the events call `data`, one for each file
      this.current = null;
      this.failed = []; // files
      this.buildWidget();
      this.showExisting();
      input.addEventListener("change", () => this.add([...input.files]));
      const dropzone = input.closest("[data-cloudinary-dropzone]");
      for (const zone of dropzone ? [dropzone] : [input, this.widget]) this.acceptDrops(zone);
    }

    buildWidget() {
      const { input } = this;
      const next = input.nextElementSibling?.matches("[data-cloudinary-widget]") ? input.nextElementSibling : null;
      this.widget = input.closest("[data-cloudinary-widget]") ?? next;
      if (!this.widget) {
        this.widget = element("div", { class: "cloudinary-widget", "data-cloudinary-widget": "" });
        input.after(this.widget);
      }
      const errorId = `cloudinary-error-${Math.random().toString(36).slice(2)}`;
      this.hint = element("p", { class: "cloudinary-hint" }, say(input.multiple ? "hintMultiple" : "hint"));
      this.status = element("p", { class: "cloudinary-status", role: "status", "aria-live": "polite" });
      this.progress = element("progress", { class: "cloudinary-progress", max: 100 });
      const cancel = button("cancel", () => this.cancelByHand());
      this.bar = element("div", { class: "cloudinary-bar", hidden: "" }, this.progress, cancel);
      this.error = element("p", { class: "cloudinary-error", role: "alert", id: errorId, hidden: "" });
      this.retryButton = button("retry", () => this.add(this.failed));
      this.retryButton.hidden = true;
      this.list = element("ul", { class: "cloudinary-results" });
      this.widget.append(this.hint, this.status, this.bar, this.error, this.retryButton, this.list);
      input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") ?? ""} ${errorId}`.trim());
    }

    acceptDrops(zone) {
      const welcome = ({ dataTransfer }) =>
        dataTransfer?.types.includes("Files") && !this.input.matches(":disabled") && !byPlugin(this.input);
      const mark = (on) => [zone, this.input].forEach(({ classList }) => classList.toggle("cloudinary-dragover", on));
      zone.addEventListener("dragover", (event) => {
        if (!welcome(event)) return;
        event.preventDefault(); // says that it may be dropped here
        mark(true);
      });
      zone.addEventListener("dragleave", ({ relatedTarget }) => zone.contains(relatedTarget) || mark(false));
      zone.addEventListener("drop", (event) => {
        mark(false);
        if (!welcome(event)) return;
        event.preventDefault(); // else the browser leaves the page to show the file
        event.stopPropagation(); // the input may lie inside its widget
        this.add([...event.dataTransfer.files]);
      });
    }

    add(chosen) {
      const { input } = this;
      if (!chosen.length || byPlugin(input)) return;
      if (!input.multiple) this.abort(); // the newer choice counts
      const replaces = !this.current || !input.multiple;
      if (replaces) {
        this.failed = [];
        this.showErrors([]);
      }
      for (const file of input.multiple ? chosen : chosen.slice(0, 1)) {
        const complaint = this.isFull()
          ? say("tooMany", { name: file.name, limit: input.dataset.maxFiles })
          : objection(file, input.dataset);
        if (complaint) {
          this.showErrors([complaint]);
          continue;
        }
        const { url, formData: parameters, cloudinaryField } = input.dataset;
        const formData = JSON.parse(parameters || "{}"); // anew for each file: the page may have signed again
        const data = { files: [file], form: input.form, url, formData, cloudinaryField, loaded: 0, total: file.size };
        if (fire(input, "fileuploadadd", data) && fire(input, "fileuploadsubmit", data)) this.queue.push(data);
      }
      this.keepFiles();
      if (!this.current && this.queue.length) this.run();
    }

    /** Whether what is uploaded and what is on its way are all the files that the field takes. */
    isFull() {
      const limit = this.input.multiple ? Number(this.input.dataset.maxFiles) : 0;
      return limit > 0 && this.list.childElementCount + this.queue.length + (this.current ? 1 : 0) >= limit;
    }

    /** Sends the queue, a file at a time, so that the hidden inputs stand in the order of selection. */
    async run() {
      const { input } = this;
      const all = { loaded: 0, total: 0 };
      busy.add(this);
      fire(input, "fileuploadstart");
      fire(input, "cloudinarystart");
      while ((this.current = this.queue.shift())) {
        const data = this.current;
        this.aborter = new AbortController();
        const { signal } = this.aborter;
        const [began, before] = [performance.now(), all.loaded];
        const onProgress = (bytes) => {
          data.loaded = Math.floor(bytes);
          data.bitrate = (data.loaded * 8000) / Math.max(performance.now() - began, 1);
          all.loaded = before + data.loaded;
          all.total = this.queue.reduce((sum, { total }) => sum + total, before + data.total);
          all.bitrate = data.bitrate;
          this.fireBoth("progress", data);
          this.fireBoth("progressall", all);
          this.showProgress(data);
        };
        const onRetry = () => (this.status.textContent = say("retrying", { name: data.files[0].name }));
        if (!fire(input, "fileuploadsend", data)) this.aborter.abort();
        this.showProgress(data);
        const unsent = { status: 0, result: null };
        const answer = signal.aborted ? unsent : await upload(input, data, signal, onProgress, onRetry).catch((error) => {
          window.reportError(error); // an address that is none, say; left alone it would hold the form for ever
          return unsent;
        });
        this.settle(data, answer, onProgress);
      }
      busy.delete(this);
      fire(input, "fileuploadstop");
      fire(input, "cloudinarystop");
      this.keepFiles();
      this.showIdle();
      this.submitHeld();
    }

    settle(data, answer, onProgress) {
      const { status, result } = answer;
      const aborted = this.aborter.signal.aborted;
      const taken = !aborted && status === 200 && !result?.error && result?.public_id !== undefined;
      data.jqXHR = { status, responseJSON: result }; // the part of it that handlers read
      if (!taken && !aborted) {
        held.delete(this.input.form); // the visitor decides anew
        this.failed.push(data.files[0]);
        this.showErrors([refusal(data.files[0].name, answer)]);
      }
      if (taken || (!aborted && status === 200 && result?.error)) {
        if (data.loaded < data.total) onProgress(data.total);
        Object.assign(data, { result, textStatus: "success" });
        if (taken) this.accept(data);
        fire(this.input, "fileuploaddone", data);
        if (taken) fire(this.input, "cloudinarydone", data); // for an error under status 200, as the plugin, neither
      } else {
        const textStatus = aborted ? "abort" : "error";
        Object.assign(data, { result: undefined, textStatus, errorThrown: aborted ? textStatus : String(status) });
        this.fireBoth("fail", data);
      }
      this.fireBoth("always", data);
    }

    /** Fills the hidden input; where the field takes several files, each gets one of the same name. */
    accept({ files: [file], form, cloudinaryField: name, result }) {
      const { input } = this;
      result.path = `v${result.version}/${result.public_id}${result.format ? `.${result.format}` : ""}`;
      let hidden = null;
      if (form && name) {
        if (!input.multiple) hidden = form.querySelector(`input[name="${CSS.escape(name)}"]:not([type=file])`);
        if (!hidden) added.add((hidden = form.appendChild(element("input", { type: "hidden", name }))));
        hidden.value = `${result.resource_type}/${result.type}/${result.path}#${result.signature}`;
      }
      if (!input.multiple) this.list.replaceChildren();
      const preview = thumbnail(result, input.dataset.thumbnailTransformation || DEFAULT_THUMBNAIL);
      this.show(file.name, preview, hidden, file.size);
      this.status.textContent = say("done", { name: file.name });
    }

    /** A form that edits, or is shown again with its errors, comes with hidden inputs filled. */
    showExisting() {
      const { form, dataset } = this.input;
      if (!form || !dataset.cloudinaryField) return;
      const field = CSS.escape(dataset.cloudinaryField);
      const named = `[name="${field}"]`;
      // Where the field takes several, each has a box for visitors without JavaScript; here the list has buttons.
      for (const box of form.querySelectorAll(`.cloudinary-kept > input[type=checkbox]${named}`)) {
        const hidden = element("input", { type: "hidden", name: box.name });
        hidden.value = box.checked ? box.value : "";
        hidden.dataset.cloudinaryThumbnail = box.dataset.cloudinaryThumbnail;
        box.parentElement.replaceWith(hidden);
      }
      for (const picture of form.querySelectorAll(`[data-cloudinary-kept="${field}"]`)) picture.remove();
      for (const hidden of form.querySelectorAll(`input[type=hidden]${named}`)) {
        const name = hidden.value.split("#")[0].split("/").pop();
        if (name) this.show(name, hidden.dataset.cloudinaryThumbnail, hidden);
      }
      this.showIdle();
    }

    show(name, address, hidden, bytes) {
      const item = element("li", { class: "cloudinary-result" });
      if (address) {
        const image = element("img", { class: "cloudinary-thumbnail", src: address, alt: say("preview", { name }) });
        image.addEventListener("error", () => image.remove()); // its name is there all the same
        item.append(image);
      }
      const title = element("span", { class: "cloudinary-name", title: name }, name);
      const caption = element("span", { class: "cloudinary-caption" }, title);
      caption.append(element("span", { class: "cloudinary-size" }, bytes ? readableBytes(bytes) : say("stored")));
      item.append(caption);
      if (!this.input.multiple) item.append(button("replace", () => this.input.click()));
      const remove = button("remove", () => this.remove(item, hidden, name));
      remove.setAttribute("aria-label", `${say("remove")} ${name}`);
      item.append(remove);
      this.list.append(item);
      this.input.required = false; // the form has its file: the browser must not ask for one
    }

    remove(item, hidden, name) {
      item.remove();
      // The page's own input stays, emptied: "no file any more" is not the same as "nothing said".
      if (added.has(hidden)) hidden.remove();
      else if (hidden) hidden.value = "";
      this.input.required = this.required && !this.list.childElementCount;
      this.status.textContent = say("removed", { name });
      this.showIdle();
      this.input.focus(); // the button that had it is gone
    }

    abort() {
      this.queue = [];
      if (this.current) this.aborter.abort();
    }

    cancelByHand() {
      this.abort();
      held.delete(this.input.form);
      this.status.textContent = say("cancelled");
    }

    /**
     * Leaves in the input only what is not uploaded: else the form would post uploaded files a second time. What failed
     * stays and goes with the form to the server, unless the field already has a file that it would compete with.
     */
    keepFiles() {
      const waiting = this.current && !this.aborter.signal.aborted ? [this.current, ...this.queue] : this.queue;
      const failed = this.input.multiple || !this.list.childElementCount ? this.failed : [];
      const kept = new DataTransfer();
      for (const file of [...failed, ...waiting.map(({ files }) => files[0])]) kept.items.add(file);
      this.input.files = kept.files;
    }

    submitHeld() {
      const { form } = this.input;
      if (!held.has(form) || uploading(form).length) return;
      const submitter = held.get(form);
      held.delete(form);
      form.requestSubmit(submitter?.isConnected ? submitter : null);
    }

    fireBoth(name, data) {
      fire(this.input, `fileupload${name}`, data);
      fire(this.input, `cloudinary${name}`, data);
    }

    showProgress({ files: [{ name }], loaded, total, form }) {
      const sent = loaded >= total;
      const text = held.has(form) ? say("held") : say(sent ? "finishing" : "uploading", { name });
      if (this.status.textContent !== text) this.status.textContent = text; // else read aloud at every percent
      this.progress.setAttribute("aria-label", say("uploading", { name }));
      if (sent) this.progress.removeAttribute("value"); // for how long the service works on it, nobody knows
      else this.progress.value = (loaded / total) * 100;
      this.hint.hidden = true;
      this.bar.hidden = false;
    }

    showIdle() {
      if (this.current) return;
      const { input } = this;
      const full = !input.multiple && this.list.childElementCount > 0; // then "no file chosen" would mislead
      const hadFocus = input === document.activeElement || this.bar.contains(document.activeElement);
      input.hidden = this.hint.hidden = full;
      this.bar.hidden = true;
      this.retryButton.hidden = !this.failed.length;
      if (hadFocus) (full ? this.list.querySelector("button") : input).focus();
    }

    /** Adds to the errors shown; none clears them. */
    showErrors(lines) {
      const shown = lines.length && this.error.textContent ? [this.error.textContent] : [];
      this.error.textContent = [...shown, ...lines].join("\n");
      this.error.hidden = !this.error.textContent;
      this.retryButton.hidden = true;
      if (lines.length) this.status.textContent = "";
      this.input.setAttribute("aria-invalid", String(!this.error.hidden));
    }
  }

  const bound = new WeakSet();

  function bind(root = document) {
    const inputs = [...(root.matches?.(SELECTOR) ? [root] : []), ...root.querySelectorAll(SELECTOR)];
    for (const input of inputs) {
      if (bound.has(input) || byPlugin(input)) continue;
      bound.add(input);
      try {
        if (!input.dataset.url) throw new TypeError("data-url is missing");
        JSON.parse(input.dataset.formData || "{}");
        new Field(input);
      } catch (error) {
        // Its form posts the file then.
        console.error(`Cloudinary: "${input.id || input.name}" stays a plain file input.`, error);
      }
    }
  }

  // Before any other listener: a form sent now would lack its file. It goes by itself when the uploads are done.
  window.addEventListener("submit", (event) => {
    const fields = uploading(event.target);
    if (!fields.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    held.set(event.target, event.submitter);
    for (const field of fields) field.status.textContent = say("held");
  }, true);

  window.Cloudinary = Object.assign(window.Cloudinary ?? {}, { bind, messages });
  bind();
  new MutationObserver((records) => {
    for (const { addedNodes } of records) {
      for (const node of addedNodes) if (node instanceof Element) bind(node);
    }
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
