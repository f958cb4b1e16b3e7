/** Comments as a reader of the forge sees them: tables, quotes, code, links. A stranger's text: nothing in it may run. */
import MarkdownIt from 'markdown-it';

/** The tags of Gitea's list that a bot has use for; with any attribute but `open` they are shown as text. */
const allowedTags = 'details|summary|b|strong|i|em|br|hr|p|code|pre|kbd|sub|sup|del|s|blockquote|ul|ol|li';
const allowed = new RegExp(`^</?(?:${allowedTags})(?: open)?\\s*/?>$`, 'i');

const markdown = new MarkdownIt({ html: true, linkify: true, breaks: true });
markdown.renderer.rules['html_block'] = (tokens, index) => safeHtml(tokens[index]?.content ?? '');
markdown.renderer.rules['html_inline'] = (tokens, index) => safeHtml(tokens[index]?.content ?? '');

/** HTML that is safe to put into a page. */
export function renderMarkdown(text: string): string {
  return markdown.render(text);
}

/** HTML comments vanish, harmless tags stay, all else becomes text. */
function safeHtml(html: string): string {
  const pieces = html.split(/(<!--[\s\S]*?-->|<[^<>]*>)/);
  return pieces
    .map((piece) => (piece.startsWith('<!--') ? '' : allowed.test(piece) ? piece : markdown.utils.escapeHtml(piece)))
    .join('');
}
