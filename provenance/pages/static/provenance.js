// Sugar only: a theme switch, marks on and off, a filter for lists of articles, evidence opened for printing.
"use strict";
(function () {
  var root = document.documentElement;
  var tools = document.querySelector("[data-tools]");
  function button(text, pressed, act) {
    var made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    if (pressed !== null) { made.setAttribute("aria-pressed", String(pressed)); }
    made.addEventListener("click", function () { act(made); });
    tools.appendChild(made);
  }
  function toggle(name) {
    return function (made) {
      var on = made.getAttribute("aria-pressed") !== "true";
      made.setAttribute("aria-pressed", String(on));
      document.body.classList.toggle(name, !on);
    };
  }
  if (tools) {
    button("Light or dark", null, function () {
      var dark = root.dataset.theme ? root.dataset.theme === "dark"
        : window.matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
    });
    if (document.querySelector(".article-text")) {
      button("Shared passages", true, toggle("without-marks"));
      button("Who says what", true, toggle("without-speech"));
    }
    if (document.querySelector("details.why")) {
      button("Open all reasons", false, function (made) {
        var on = made.getAttribute("aria-pressed") !== "true";
        made.setAttribute("aria-pressed", String(on));
        document.querySelectorAll("details.why").forEach(function (each) { each.open = on; });
      });
    }
  }
  document.querySelectorAll("[data-filter]").forEach(function (table) {
    var label = document.createElement("label");
    var input = document.createElement("input");
    input.type = "search";
    label.append("Filter: ", input);
    var holder = document.createElement("p");
    holder.className = "tools";
    holder.appendChild(label);
    table.before(holder);
    input.addEventListener("input", function () {
      var wanted = input.value.toLowerCase();
      table.querySelectorAll("tbody tr").forEach(function (row) {
        row.classList.toggle("hidden-by-filter", !row.textContent.toLowerCase().includes(wanted));
      });
    });
  });
  var closed = [];
  window.addEventListener("beforeprint", function () {
    closed = Array.from(document.querySelectorAll("details:not([open])"));
    closed.forEach(function (each) { each.open = true; });
  });
  window.addEventListener("afterprint", function () { closed.forEach(function (each) { each.open = false; }); });
})();
