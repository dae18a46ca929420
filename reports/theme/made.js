// Says what to make first, to Quarto. `pre-render` comes too late for that: before it runs any,
// Quarto reads what each document includes, and only asks its engines before whose the document is.
// This engine takes none.

const INCLUDE = /^\{\{< include (_generated\/\S+) >\}\}$/gm;

function isThere(path) {
  try {
    return Deno.statSync(new URL(`../${path}`, import.meta.url)).isFile;
  } catch {
    return false;
  }
}

function claimsFile(document) {
  for (const [, path] of Deno.readTextFileSync(document).matchAll(INCLUDE)) {
    if (!isThere(path)) {
      const error = new Error(`${document} includes ${path}, which is not made yet. Run \`make report\` first.`);
      error.stack = "";
      throw error;
    }
  }
  return false;
}

export default {
  name: "made",
  claimsFile,
  claimsLanguage: () => false,
  validExtensions: () => [],
  launch() {},
};
