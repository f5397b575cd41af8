// Joins htmx and its content-security guard into the one script that pages load, with their licence in front.
import { readFileSync, writeFileSync } from "node:fs";

const from = (name) => readFileSync(new URL(`node_modules/htmx.org/dist/${name}`, import.meta.url), "utf8");
const { version, license } = JSON.parse(readFileSync(new URL("node_modules/htmx.org/package.json", import.meta.url), "utf8"));
const script = [`/* htmx.org ${version} with hx-csp, ${license} */`, from("htmx.min.js"), from("ext/hx-csp.min.js")]
  .map((part) => part.replace(/\/\/# sourceMappingURL=.*$/m, "").trim())
  .join("\n;");
writeFileSync(new URL("dist/htmx.js", import.meta.url), script + "\n");
