/*
 * Writes this page's query as JSON text into its body, where the page around the iframe reads it. An own file, so that
 * no inline script has to be allowed. As text only: whatever the query says, it never becomes HTML.
 */
(() => {
  "use strict";

  function decode(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text; // a lone "%": better shown as it came than the whole answer lost
    }
  }

  const answer = Object.create(null); // so that "__proto__" is a key like any other
  for (const pair of location.search.slice(1).split("&")) {
    if (!pair) continue;
    const [key, ...value] = pair.split("=");
    answer[decode(key)] = decode(value.join("="));
  }
  document.body.textContent = JSON.stringify(answer);
})();
