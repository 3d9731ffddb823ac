// The record console: when the session is over, go to our sign-in page instead of piccolo-admin's own.
"use strict";
(function () {
  function leave() {
    if (!window.location.hash.startsWith("#/login")) return;
    var home = window.location.pathname.replace(/admin\/?$/, "");
    window.location.replace(home + "login?next=" + encodeURIComponent(window.location.pathname));
  }
  window.addEventListener("hashchange", leave);
  leave();
})();
