// Small behaviours of the console: large type, print, messages of failed htmx requests. No inline handlers anywhere.
"use strict";
(function () {
  var root = document.documentElement;

  function large(on) {
    root.classList.toggle("large", on);
    document.querySelectorAll("[data-large]").forEach(function (button) {
      button.setAttribute("aria-pressed", on ? "true" : "false");
    });
  }

  function stored(value) {
    try {
      if (value === undefined) return window.localStorage.getItem("jiceng-large") === "1";
      window.localStorage.setItem("jiceng-large", value ? "1" : "0");
    } catch (refused) {
      // A browser may forbid storage; large type then lasts for this page.
    }
    return false;
  }

  function notice(text) {
    var place = document.getElementById("notice");
    if (!place) return;
    var tip = document.createElement("p");
    tip.className = "tip bad";
    tip.textContent = text;
    place.replaceChildren(tip);
  }

  function words(chinese, english) {
    return root.lang === "en" ? english : chinese;
  }

  // On a telephone a table of things with names becomes cards (console.css): each cell needs the title of its column, and its role,
  // for a table laid out otherwise is none to a screen reader.
  function cards(within) {
    within.querySelectorAll(".scroll > table:not(.rated):not(.stacked):not(.fits)").forEach(function (table) {
      var head = table.tHead;
      if (!head || head.rows.length !== 1 || !table.querySelector("tbody th[scope=row]")) return;
      var titles = Array.from(head.rows[0].cells);
      if (Array.from(table.querySelectorAll("th,td")).some(function (cell) { return cell.rowSpan > 1; })) return;
      if (titles.some(function (title) { return title.colSpan > 1; })) return;
      table.classList.add("stacked");
      table.setAttribute("role", "table");
      Array.from(table.rows).forEach(function (row) {
        var own = Array.from(row.cells);
        row.setAttribute("role", "row");
        own.forEach(function (cell, place) {
          var named = cell.tagName === "TH";
          cell.setAttribute("role", named ? (cell.scope === "row" ? "rowheader" : "columnheader") : "cell");
          var said = cell.textContent.trim();
          var presses = Array.from(cell.querySelectorAll(".btn")).map(function (one) { return one.textContent; }).join("");
          var speaks = presses && presses.replace(/\s/g, "") === said.replace(/\s/g, "");  // buttons say what they do
          if (!named && !speaks && own.length === titles.length) cell.dataset.title = titles[place].textContent.trim();
          if (!named && (said === "—" || (!said && !cell.children.length))) cell.classList.add("none");
        });
      });
    });
  }

  document.addEventListener("DOMContentLoaded", function () { large(stored()); cards(document); });
  document.addEventListener("htmx:afterSettle", function (event) { cards(event.target.parentNode || document); });

  document.addEventListener("click", function (event) {
    var target = event.target.closest("[data-large],[data-print],[data-back]");
    if (!target) return;
    if (target.hasAttribute("data-print")) { window.print(); return; }
    if (target.hasAttribute("data-back")) { window.history.back(); return; }
    var on = !root.classList.contains("large");
    stored(on);
    large(on);
  });

  document.addEventListener("change", function (event) {
    if (event.target.matches("select[data-submit]")) event.target.form.requestSubmit();
  });

  document.addEventListener("htmx:responseError", function (event) {
    var page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    var said = page.querySelector("[data-said]");
    notice(said ? said.textContent : words("请求没有成功（%s），请刷新页面再试。", "The request failed (%s). Reload the page and try again.").replace("%s", event.detail.xhr.status));
  });

  document.addEventListener("htmx:sendError", function () {
    notice(words("连不上服务器，请检查网络后再试。", "The server cannot be reached. Check the network and try again."));
  });
})();
