/** Whether a host, or a wildcard such as `*.wiki.test`, is the app's domain or below it. */
export function isOwnHost(host: string, domain: string): boolean {
  const name = host.toLowerCase();
  return /^[\w.*-]+$/.test(name) && (name === domain || name.endsWith(`.${domain}`));
}

/**
 * Whether a pattern of `HostRegexp` matches nothing but the app's domain and names below it, in each reading that traefik has:
 * version 2 takes a template (`{name:[a-z]+}.wiki.test`), matches the whole host, and would take a regular expression literally;
 * version 3 takes a regular expression that matches anywhere, and would take the braces of a template literally.
 */
export function isOwnPattern(pattern: string, domain: string): boolean {
  const labels = domain.split('.').map((label) => label.replaceAll(/[^\w-]/g, String.raw`\$&`));
  // A dot may stand unescaped: a recipe cannot escape those of `DOMAIN`, and this way it adds only names that differ in a dot.
  const own = labels.join(String.raw`\\?\.`);
  // An alternative (`|`) could leave out what the rest demands.
  const expression = new RegExp(String.raw`^(?:\^|[^|]*\\\.|\^\([^()|]*\\\.\)\?)${own}\$$`);
  const template = new RegExp(String.raw`^\{\w+:[^{}()|]+\}\.${own}$`);
  return expression.test(pattern) || template.test(pattern);
}
