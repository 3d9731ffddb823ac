// Shows the OpenAPI document on its page; the files come from this server.
"use strict";
window.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("api-document");
  window.SwaggerUIBundle({
    url: place.dataset.address,
    domNode: place,
    validatorUrl: null,
    deepLinking: false,
    supportedSubmitMethods: ["get", "post"],
  });
});
