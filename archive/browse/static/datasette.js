/* What Datasette's pages do with scripts in the page, done from a file: our Content-Security-Policy allows nothing
   inline. Its editor (CodeMirror) styles itself inline, so SQL is typed into a plain field. */
window.DATASETTE_ALLOW_FACET = true;
document.addEventListener("DOMContentLoaded", () => {
  document.body.addEventListener("click", (event) => {
    const within = event.target instanceof Element ? event.target.closest("details") : null;
    document.querySelectorAll("details[open]").forEach((details) => {
      if (details !== within && details.closest(".actions-menu-links, .nav-menu")) details.open = false;
    });
  });
  /* Its filters have no labels of their own. */
  const labels = { column: "Column to filter by", op: "How to compare", value: "Value to filter by", sort: "Sort by" };
  document.querySelectorAll("form.filters select, form.filters input[type=text]").forEach((field) => {
    const part = Object.keys(labels).find((each) => field.name.includes(each));
    if (part && !field.labels.length) field.setAttribute("aria-label", labels[part]);
  });
  const input = document.querySelector("textarea#sql-editor");
  if (!input) return;
  input.setAttribute("aria-label", "SQL");
  input.rows = Math.max(4, input.value.split("\n").length + 1);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.shiftKey || event.ctrlKey)) {
      event.preventDefault();
      input.form.submit();
    }
  });
  const format = document.querySelector("button#sql-format");
  if (format && window.sqlFormatter) {
    format.hidden = false;
    format.addEventListener("click", () => { input.value = window.sqlFormatter.format(input.value); });
  }
});
