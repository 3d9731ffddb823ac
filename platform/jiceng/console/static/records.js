// The record console: Chinese names for tables and columns, a way back, and our own sign-in page when the session is over.
"use strict";
(function () {
  var home = window.location.pathname.replace(/admin\/?$/, "");
  var words = JSON.parse(document.currentScript.dataset.words);
  var PLACES = "h1, th, label, .sidebar span, #sidebar span, aside span, li a span, th a, h2, option, .tooltip_content, li";

  function leave() {
    if (!window.location.hash.startsWith("#/login")) return;
    window.location.replace(home + "login?next=" + encodeURIComponent(window.location.pathname));
  }

  function translate() {
    document.querySelectorAll("option[label]").forEach(function (option) {
      option.label = option.label.replace(/^(\d+) per page$/i, "每页 $1 条");
    });
    document.querySelectorAll(PLACES).forEach(function (element) {
      element.childNodes.forEach(function (node) {
        if (node.nodeType !== Node.TEXT_NODE) return;
        var said = words[node.data.trim().toLowerCase()];
        if (said) node.data = said;
        else if (/^of \d+$/.test(node.data.trim())) node.data = node.data.replace(/of (\d+)/, "共 $1 页");
      });
    });
  }

  function back() {
    var link = document.createElement("a");
    link.className = "jiceng-back";
    link.href = home;
    link.textContent = "回到工作台";
    document.body.append(link);
  }

  function offer() {
    var link = document.querySelector(".jiceng-export") || document.createElement("a");
    var table = /^#\/([a-z][a-z0-9_]*)/.exec(window.location.hash);
    var listed = table && words[table[1].replace(/_/g, " ")];
    link.className = "jiceng-export";
    link.hidden = !listed;
    link.textContent = "导出 Excel";
    if (listed) link.href = home + "admin/export/" + table[1] + ".xlsx";
    if (!link.isConnected) document.body.append(link);
  }

  window.addEventListener("hashchange", leave);
  window.addEventListener("hashchange", offer);
  document.addEventListener("DOMContentLoaded", function () {
    leave();
    back();
    offer();
    translate();
    new MutationObserver(translate).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
})();
