/**
 * The troubleshooting page with its list of codes made anew. Everything outside of the list's marks stays.
 * @param {string} page
 * @param {readonly { title: string, codes: Readonly<Record<string, { message: string, cause: string, remedy: string }>> }[]} areas
 * @returns {string}
 */
export function withCodes(page, areas) {
  const list = areas.filter(({ codes }) => Object.keys(codes).length > 0).map(section);
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`the page lacks the marks ${begin} and ${end}`);
  return `${page.slice(0, before)}${begin}\n\n${list.join("\n")}\n${page.slice(after)}`;
}

const begin = "<!-- codes: written by `npm run docs` from provider/codes -->";
const end = "<!-- end of codes -->";

/** @param {Parameters<typeof withCodes>[1][number]} area */
function section({ title, codes }) {
  const entries = Object.entries(codes).map(
    ([code, { message, cause, remedy }]) => `### ${code}

${quoted(message)}

- **Cause:** ${cause}
- **Remedy:** ${remedy}
`,
  );
  return `## ${title}\n\n${entries.join("\n")}`;
}

/**
 * As code, with more backticks around it than there are in it.
 * @param {string} message
 */
function quoted(message) {
  return message.includes("`") ? `\`\` ${message} \`\`` : `\`${message}\``;
}
