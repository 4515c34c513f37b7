/** A list repeats its element; an empty string is an empty element. */
export type XmlValue = string | number | boolean | readonly XmlValue[] | { readonly [name: string]: XmlValue };

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** An XML document of elements only, as COS answers with. */
export function toXml(root: string, value: XmlValue): string {
  return `<?xml version="1.0" encoding="UTF-8" ?>\n${element(root, value)}\n`;
}

function element(name: string, value: XmlValue): string {
  if (Array.isArray(value)) return value.map((item: XmlValue) => element(name, item)).join('');
  const content = typeof value === 'object'
    ? Object.entries(value).map(([child, childValue]) => element(child, childValue)).join('')
    : String(value).replace(/[&<>"']/g, (character) => escapes[character] ?? character);
  return `<${name}>${content}</${name}>`;
}
