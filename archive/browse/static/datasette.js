/* What Datasette's pages do with scripts in the page, done from a file: our Content-Security-Policy allows nothing inline. */
window.DATASETTE_ALLOW_FACET = true;
document.addEventListener("DOMContentLoaded", () => {
  document.body.addEventListener("click", (event) => {
    const within = event.target instanceof Element ? event.target.closest("details") : null;
    document.querySelectorAll("details[open]").forEach((details) => {
      if (details !== within && details.closest(".actions-menu-links, .nav-menu")) details.open = false;
    });
  });
  const input = document.querySelector("textarea#sql-editor");
  if (!input || !window.CodeMirror) return;
  input.setAttribute("aria-label", "SQL");
  const editor = window.CodeMirror.fromTextArea(input, { lineNumbers: true, mode: "text/x-sql", lineWrapping: true });
  editor.getInputField().setAttribute("aria-label", "SQL");
  editor.setOption("extraKeys", { "Shift-Enter": () => input.form.submit(), Tab: false });
  const format = document.querySelector("button#sql-format");
  if (format && window.sqlFormatter) {
    format.hidden = false;
    format.addEventListener("click", () => editor.setValue(window.sqlFormatter.format(editor.getValue())));
  }
});
