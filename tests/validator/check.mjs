// @ts-check
/**
 * Checks glTF files with Khronos' validator: `node check.mjs FILE.glb …` prints what it finds wrong as JSON lines.
 * Extensions that the validator does not know, and what only they use, are no fault.
 */
import { readFile } from "node:fs/promises";
import { argv, exit, stdout } from "node:process";
import { validateBytes } from "gltf-validator";

const IGNORED = ["UNSUPPORTED_EXTENSION", "UNUSED_OBJECT"];
let faults = 0;
for (const path of argv.slice(2)) {
  const report = await validateBytes(new Uint8Array(await readFile(path)), {
    uri: path,
    maxIssues: 100,
    ignoredIssues: IGNORED,
  });
  for (const { code, message, severity, pointer } of report.issues.messages) {
    faults += 1;
    stdout.write(`${JSON.stringify({ path, code, message, severity, pointer })}\n`);
  }
}
exit(faults ? 1 : 0);
